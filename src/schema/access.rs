//! Who may read: compartments, and the roles that hold them.

/// A set of fields that are read together; each has a key of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compartment {
    /// The name that fields refer to.
    pub name: String,
    /// Spanish label.
    pub es: String,
    /// English label.
    pub en: String,
}

/// What a member of the organisation does, and so which compartments their keys open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Role {
    /// The name in the roster.
    pub name: String,
    /// Spanish label.
    pub es: String,
    /// English label.
    pub en: String,
    /// The compartments of the role.
    pub compartments: Vec<String>,
    /// Whether the role admits and removes members.
    pub administers: bool,
}
