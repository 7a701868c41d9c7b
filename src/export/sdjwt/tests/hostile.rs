//! What a signer, a holder or a thief could try.

use sd_jwt_payload::Hasher;
use serde_json::json;

use super::*;

/// Signs whatever bytes are given, as a signer of ill will may.
fn signed(payload: &[u8]) -> String {
    jws::sign(payload, &signer(5)).unwrap()
}

/// The sample with another payload, all its disclosures kept, signed anew.
fn forged(change: impl FnOnce(&mut Value)) -> String {
    let text = issued(&views::view());
    let (jwt, disclosures) = pieces(&text);
    let mut claims = payload(jwt);
    change(&mut claims);
    joined(&signed(claims.to_string().as_bytes()), &disclosures)
}

/// An export of one field, `R01.sex`, with this for its disclosure.
fn with_disclosure(disclosure: &str) -> String {
    let view = views::view_of(vec![views::field("sex", "", "", views::kept(views::code("x")))]);
    let text = issued(&view);
    let mut claims = payload(pieces(&text).0);
    claims["records"]["R01"]["fields"]["_sd"] =
        json!([disclosure::Sha256.encoded_digest(disclosure)]);
    joined(&signed(claims.to_string().as_bytes()), &[disclosure])
}

fn with_json(json: &str) -> String {
    with_disclosure(&BASE64.encode(json.as_bytes()))
}

const SALT: &str = "AAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn any_flipped_byte_is_refused() {
    let text = issued(&views::view());
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1 << (at % 7);
        let flipped = String::from_utf8(bytes).unwrap();
        assert!(VerifiedExport::verify(&flipped).is_err(), "byte {at}");
    }
}

#[test]
fn any_cut_is_refused_unless_it_is_at_a_disclosure() {
    let text = issued(&views::view());
    for at in 0..text.len() {
        let cut = text.get(..at).unwrap();
        assert_eq!(VerifiedExport::verify(cut).is_ok(), cut.ends_with('~'), "byte {at}");
    }
    for extra in ["\n", "~", " ", "\0", "eyJ9.e30.AA"] {
        assert!(VerifiedExport::verify(&format!("{text}{extra}")).is_err());
        assert!(VerifiedExport::verify(&format!("{extra}{text}")).is_err());
    }
}

#[test]
fn an_altered_disclosure_is_refused() {
    let text = issued(&views::view());
    let (jwt, disclosures) = pieces(&text);
    for at in 0..disclosures.len() {
        let mut value: Value = serde_json::from_str(&decoded(disclosures[at])).unwrap();
        value[2] = json!("otra cosa");
        let altered = BASE64.encode(value.to_string().as_bytes());
        let mut disclosures = disclosures.clone();
        disclosures[at] = &altered;
        assert_eq!(refusal(&joined(jwt, &disclosures)), ErrorKind::Tampered);
    }
}

#[test]
fn a_disclosure_that_stands_twice_or_was_added_is_refused() {
    let text = issued(&views::view());
    let other = issue(&views::view(), &files(), &seed(8), &signer(5)).unwrap();
    let (jwt, disclosures) = pieces(&text);
    for more in [disclosures[0], pieces(other.expose()).1[0], ""] {
        let mut disclosures = disclosures.clone();
        disclosures.push(more);
        assert_eq!(refusal(&joined(jwt, &disclosures)), ErrorKind::Tampered);
    }
}

#[test]
fn another_key_or_algorithm_is_refused() {
    let text = issued(&views::view());
    let (jwt, disclosures) = pieces(&text);
    let parts: Vec<&str> = jwt.split('.').collect();
    let header: Value = serde_json::from_str(&decoded(parts[0])).unwrap();
    assert_eq!(header["typ"], "amparo-export+sd-jwt");
    type Change = fn(&mut Value);
    let changes: [Change; 9] = [
        |header| header["alg"] = json!("none"),
        |header| header["alg"] = json!("HS256"),
        |header| header["alg"] = json!("Ed25519"),
        |header| header["crit"] = json!(["exp"]),
        |header| header["kid"] = json!("1"),
        |header| header["typ"] = json!("dc+sd-jwt"),
        |header| header["jwk"]["d"] = json!("AA"),
        |header| header["jwk"]["crv"] = json!("X25519"),
        |header| header["jwk"]["x"] = json!(BASE64.encode(&signer(6).verify_key().0)),
    ];
    for change in changes {
        let mut header = header.clone();
        change(&mut header);
        let input = format!("{}.{}", BASE64.encode(header.to_string().as_bytes()), parts[1]);
        let signature = BASE64.encode(&signer(5).sign_jws(input.as_bytes()).unwrap());
        for signature in [signature.as_str(), parts[2], ""] {
            let jwt = format!("{input}.{signature}");
            assert!(VerifiedExport::verify(&joined(&jwt, &disclosures)).is_err());
        }
    }
    // The helper does what the library does.
    let input = format!("{}.{}", BASE64.encode(header.to_string().as_bytes()), parts[1]);
    assert_eq!(format!("{input}.{}", parts[2]), jwt);
}

#[test]
fn a_payload_of_another_form_is_refused() {
    assert!(VerifiedExport::verify(&forged(|_| ())).is_ok());
    let take = |claims: &mut Value| claims["records"]["R01"]["fields"]["_sd"][0].take();
    type Change<'a> = &'a dyn Fn(&mut Value);
    let changes: &[Change<'_>] = &[
        &|claims| claims["_sd_alg"] = json!("sha-512"),
        &|claims| claims["_sd_alg"] = json!("md5"),
        &|claims| drop(claims.as_object_mut().unwrap().remove("_sd_alg")),
        &|claims| claims["iss"] = json!("https://example.org"),
        &|claims| claims["_sd"] = json!([]),
        &|claims| claims["cnf"] = json!({}),
        &|claims| claims["iat"] = json!(i64::MAX),
        &|claims| claims["iat"] = json!(1.5),
        &|claims| claims["manifest"]["format"] = json!("other"),
        &|claims| claims["manifest"]["version"] = json!(0),
        &|claims| claims["manifest"]["export"] = json!("\u{1b}[2J"),
        &|claims| claims["manifest"]["note"] = json!("x"),
        &|claims| claims["manifest"]["files"]["../x"] = json!("00".repeat(32)),
        &|claims| claims["manifest"]["files"]["/x"] = json!("00".repeat(32)),
        &|claims| claims["manifest"]["files"]["C:\\x"] = json!("00".repeat(32)),
        &|claims| claims["manifest"]["files"][""] = json!("00".repeat(32)),
        &|claims| claims["manifest"]["files"]["x"] = json!("0".repeat(63)),
        &|claims| claims["manifest"]["changed"]["G"] = json!(0),
        &|claims| claims["manifest"]["changed"]["G"] = json!(1),
        &|claims| claims["manifest"]["changed"]["G"] = json!(u64::MAX),
        &|claims| claims["manifest"]["changed"]["?"] = json!(1),
        &|claims| claims["manifest"]["withheld"]["C"] = json!(-1),
        &|claims| claims["manifest"]["shown"].as_array_mut().unwrap().push(json!("R07.zzz")),
        &|claims| claims["manifest"]["shown"].as_array_mut().unwrap().push(json!("R08.sex")),
        &|claims| claims["manifest"]["shown"][0] = json!("R01.account"),
        &|claims| claims["manifest"]["shown"][0] = json!("R01._sd"),
        &|claims| claims["manifest"]["shown"].as_array_mut().unwrap().reverse(),
        &|claims| claims["records"]["R02"]["parent"] = json!("R02"),
        &|claims| claims["records"]["R02"]["parent"] = json!("R99"),
        &|claims| claims["records"]["R02"]["type"] = json!("Per son"),
        &|claims| claims["records"]["R02"]["sex"] = json!("female"),
        &|claims| claims["records"]["R02"]["fields"]["sex"] = json!("female"),
        &|claims| claims["records"]["R02"]["fields"]["_sd"].as_array_mut().unwrap().reverse(),
        &|claims| claims["records"]["R02"]["fields"]["_sd"][0] = json!("short"),
        &|claims| claims["records"]["R02"]["fields"]["_sd"] = take(claims),
        // A digest that stands twice: in another record.
        &|claims| claims["records"]["R02"]["fields"]["_sd"][0] = take(claims),
        &|claims| claims["records"]["R.2"] = json!({"type": "person"}),
        &|claims| *claims = json!([]),
    ];
    for (at, change) in changes.iter().enumerate() {
        let kind = refusal(&forged(change));
        assert_eq!(kind, ErrorKind::BadInput, "change {at}");
    }
    let newer = forged(|claims| {
        claims["manifest"]["version"] = json!(2);
        claims["manifest"]["what_comes"] = json!("later");
    });
    assert_eq!(refusal(&newer), ErrorKind::NewerFormat);
}

#[test]
fn a_digest_of_two_records_is_refused() {
    let text = forged(|claims| {
        let one = claims["records"]["R01"]["fields"]["_sd"][0].clone();
        let digests = claims["records"]["R02"]["fields"]["_sd"].as_array_mut().unwrap();
        digests[0] = one;
        digests.sort_by_key(|digest| digest.as_str().unwrap().to_owned());
    });
    assert_eq!(VerifiedExport::verify(&text).unwrap_err().detail(), "a digest stands twice");
}

#[test]
fn one_content_has_one_text() {
    let text = issued(&views::view());
    let (jwt, disclosures) = pieces(&text);
    let plain = decoded(jwt.split('.').nth(1).unwrap());
    let others = [
        format!(" {plain}"),
        format!("{plain}\n"),
        plain.replace("\"iat\":", "\"iat\": "),
        plain.replace("\"iat\":", "\"iat\":1,\"iat\":"),
        plain.replace("\"R07\":", "\"R07\":{\"type\":\"x\"},\"R07\":"),
        plain.replace("court_coded", "court\\u005fcoded"),
        plain.replace("\"version\":1", "\"version\":1.0"),
        plain.replace("\"version\":1", "\"version\":1e0"),
        format!("{plain}{plain}"),
    ];
    for other in others {
        assert_ne!(other, plain);
        assert_eq!(refusal(&joined(&signed(other.as_bytes()), &disclosures)), ErrorKind::BadInput);
    }
    let parts: Vec<&str> = jwt.split('.').collect();
    for jwt in [
        format!("{jwt}="),
        format!("{jwt}.{}", parts[0]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
        format!("{}.{}=.{}", parts[0], parts[1], parts[2]),
        String::new(),
    ] {
        assert!(VerifiedExport::verify(&joined(&jwt, &disclosures)).is_err());
    }
}

#[test]
fn a_signed_disclosure_of_another_form_is_refused() {
    let field = |value: &str| format!("[\"{SALT}\",\"sex\",{value}]");
    assert!(VerifiedExport::verify(&with_json(&field("\"x\""))).is_ok());
    for value in [
        "null",
        "1.5",
        "1e3",
        "-0",
        "9223372036854775808",
        "[1]",
        "[[]]",
        "{}",
        "[null]",
        "{\"changed\":\"G\"}",
        "{\"changed\":\"?\",\"value\":1}",
        "{\"changed\":1,\"value\":1}",
        "{\"value\":1,\"changed\":\"G\"}",
        "{\"changed\":\"G\",\"value\":1,\"x\":1}",
        "{\"changed\":\"G\",\"value\":2,\"value\":1}",
        "{\"changed\":\"G\",\"value\":{}}",
        "{\"_sd\":[]}",
        "{\"...\":\"x\"}",
        "\"\\u0078\"",
        " \"x\"",
        // Nothing was changed, says the manifest.
        "{\"changed\":\"G\",\"value\":1}",
    ] {
        assert_eq!(refusal(&with_json(&field(value))), ErrorKind::BadInput, "{value}");
    }
    for json in [
        format!("[\"{SALT}\",\"x\"]"),
        format!("[\"{SALT}\",\"sex\",\"x\",1]"),
        format!("[\"{SALT}AA\",\"sex\",\"x\"]"),
        format!("[\"{SALT}=\",\"sex\",\"x\"]"),
        "[\"AAAA\",\"sex\",\"x\"]".into(),
        "[1,\"sex\",\"x\"]".into(),
        format!("[\"{SALT}\",1,\"x\"]"),
        format!("[\"{SALT}\",\"_sd\",[\"x\"]]"),
        format!("[\"{SALT}\",\"_sd_alg\",\"x\"]"),
        format!("[\"{SALT}\",\"...\",\"x\"]"),
        format!("[\"{SALT}\",\"\",\"x\"]"),
        format!("[\"{SALT}\",\"R01.sex\",\"x\"]"),
        // A name that the manifest does not list.
        format!("[\"{SALT}\",\"phone\",\"x\"]"),
        format!("[\"{SALT}\", \"sex\", \"x\"]"),
        "[".repeat(100_000),
        String::new(),
    ] {
        assert_eq!(refusal(&with_json(&json)), ErrorKind::BadInput, "{json:.40}");
    }
    let padded = format!("{}=", BASE64.encode(field("\"xx\"").as_bytes()));
    assert_eq!(refusal(&with_disclosure(&padded)), ErrorKind::BadInput);
    assert_eq!(refusal(&with_disclosure("ñ")), ErrorKind::BadInput);
}

/// Two digests of one record that both disclose `sex`.
#[test]
fn a_name_that_is_there_already_is_refused() {
    let named = |name| views::field(name, "", "", views::kept(views::code("x")));
    let text = issued(&views::view_of(vec![named("sex"), named("status")]));
    let mut claims = payload(pieces(&text).0);
    let disclosures = ["x", "y"]
        .map(|value| BASE64.encode(format!("[\"{SALT}\",\"sex\",\"{value}\"]").as_bytes()));
    let mut digests = disclosures.each_ref().map(|text| disclosure::Sha256.encoded_digest(text));
    digests.sort();
    claims["records"]["R01"]["fields"]["_sd"] = json!(digests);
    let disclosures = disclosures.each_ref().map(String::as_str);
    let jwt = signed(claims.to_string().as_bytes());
    assert!(VerifiedExport::verify(&joined(&jwt, &disclosures[..1])).is_ok());
    assert_eq!(refusal(&joined(&jwt, &disclosures)), ErrorKind::BadInput);
}

#[test]
fn what_is_too_long_or_too_deep_is_refused_early() {
    assert_eq!(refusal(&"a".repeat(MAX_TEXT + 1)), ErrorKind::TooLong);
    assert_eq!(refusal(&"~".repeat(MAX_DISCLOSURES + 2)), ErrorKind::TooLong);
    let long = "a".repeat(2 << 20);
    assert_eq!(refusal(&format!("{long}.a.a~")), ErrorKind::TooLong);
    assert_eq!(refusal(&with_disclosure(&long)), ErrorKind::TooLong);
    let quotes = format!("[{}1]", "\"\",".repeat(1_000_001));
    assert_eq!(refusal(&joined(&signed(quotes.as_bytes()), &[])), ErrorKind::TooLong);
    let deep = "[".repeat(1 << 20);
    assert_eq!(refusal(&joined(&signed(deep.as_bytes()), &[])), ErrorKind::BadInput);
    let deep = format!("{{\"manifest\":{}", "{\"a\":".repeat(1 << 18));
    assert_eq!(refusal(&joined(&signed(deep.as_bytes()), &[])), ErrorKind::BadInput);
}

#[test]
fn an_error_quotes_nothing() {
    let canary = "canario";
    let texts = [
        with_json(&format!("[\"{SALT}\",\"{canary}\",1]")),
        with_json(&format!("[\"{SALT}\",\"sex\",{{\"{canary}\":1}}]")),
        with_json(canary),
        forged(|claims| claims[canary] = json!(canary)),
        forged(|claims| claims["iat"] = json!(canary)),
        format!("{canary}~"),
        format!("{canary}.{canary}.{canary}~"),
    ];
    for text in texts {
        let error = VerifiedExport::verify(&text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains(canary));
    }
}
