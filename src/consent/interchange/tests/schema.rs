//! HL7's JSON schema, as far as it uses JSON schema at all.

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::Value;

/// The definitions that a consent needs, and their patterns, compiled once.
pub(super) struct Schema {
    definitions: Value,
    patterns: BTreeMap<String, Regex>,
}

impl Schema {
    pub(super) fn of_consent() -> Self {
        let text = include_str!("../../../../tests/data/fhir-r5-consent.schema.json");
        let whole: Value = serde_json::from_str(text).unwrap();
        let mut schema =
            Self { definitions: whole["definitions"].clone(), patterns: BTreeMap::new() };
        let definitions = schema.definitions.clone();
        schema.compile(&definitions);
        schema
    }

    /// Every keyword is one that [`Self::faults`] knows.
    fn compile(&mut self, rule: &Value) {
        match rule {
            Value::Object(map) => {
                if let Some(Value::String(pattern)) = map.get("pattern") {
                    self.patterns.insert(pattern.clone(), Regex::new(pattern).unwrap());
                }
                map.values().for_each(|rule| self.compile(rule));
            }
            Value::Array(rules) => rules.iter().for_each(|rule| self.compile(rule)),
            _ => {}
        }
    }

    /// What is wrong with a resource, by its place.
    pub(super) fn faults(&self, resource: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check("Consent", &self.definitions["Consent"], resource, &mut faults);
        faults
    }

    fn check(&self, at: &str, rule: &Value, value: &Value, faults: &mut Vec<String>) {
        for (keyword, said) in rule.as_object().unwrap() {
            let kept = match (keyword.as_str(), said) {
                ("$ref", Value::String(name)) => {
                    let name = name.rsplit('/').next().unwrap();
                    self.check(at, &self.definitions[name], value, faults);
                    true
                }
                ("type", Value::String(kind)) => is(kind, value),
                ("const", said) => said == value,
                ("enum", Value::Array(these)) => these.contains(value),
                ("pattern", Value::String(pattern)) => {
                    value.as_str().is_none_or(|text| self.patterns[pattern].is_match(text))
                }
                ("required", Value::Array(names)) => {
                    names.iter().all(|name| value.get(name.as_str().unwrap()).is_some())
                }
                ("properties", Value::Object(rules)) => {
                    for (name, value) in value.as_object().into_iter().flatten() {
                        match rules.get(name) {
                            Some(rule) => {
                                self.check(&format!("{at}.{name}"), rule, value, faults);
                            }
                            None => faults.push(format!("{at}: no {name}")),
                        }
                    }
                    true
                }
                ("items", rule) => {
                    for value in value.as_array().into_iter().flatten() {
                        self.check(at, rule, value, faults);
                    }
                    true
                }
                ("oneOf", Value::Array(rules)) => {
                    let fits = |rule: &&Value| {
                        let mut faults = Vec::new();
                        self.check(at, rule, value, &mut faults);
                        faults.is_empty()
                    };
                    rules.iter().filter(fits).count() == 1
                }
                ("additionalProperties", Value::Bool(false)) => true,
                _ => panic!("the schema says {keyword} at {at}"),
            };
            if !kept {
                faults.push(format!("{at}: {keyword}"));
            }
        }
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "string" => value.is_string(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("no such type"),
    }
}

#[test]
fn the_schema_finds_what_is_wrong() {
    let schema = Schema::of_consent();
    let good = serde_json::json!({ "resourceType": "Consent", "status": "draft" });
    assert_eq!(schema.faults(&good), [""; 0]);
    for (key, value) in [
        ("scope", serde_json::json!("x")),
        ("status", serde_json::json!(3)),
        ("id", serde_json::json!("no id")),
        ("subject", serde_json::json!([])),
        ("contained", serde_json::json!([{ "resourceType": "Nothing" }])),
        ("resourceType", serde_json::json!("Patient")),
    ] {
        let mut bad = good.clone();
        bad[key] = value;
        assert!(!schema.faults(&bad).is_empty(), "{key}");
    }
}
