//! Names: plainly fictional, but varied enough to be searched by sound.

use fastrand::Rng;

use super::pick;

/// A name in three parts.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) given: String,
    pub(crate) paternal: &'static str,
    pub(crate) maternal: &'static str,
}

impl Name {
    pub(crate) fn of_a_girl(rng: &mut Rng) -> Self {
        Self::new(rng, GIRLS)
    }

    pub(crate) fn of_a_boy(rng: &mut Rng) -> Self {
        Self::new(rng, BOYS)
    }

    fn new(rng: &mut Rng, given: &[&'static str]) -> Self {
        let first = pick(rng, given);
        let second = pick(rng, given);
        let given = if first == second || rng.bool() {
            first.to_owned()
        } else {
            format!("{first} {second}")
        };
        Self { given, paternal: pick(rng, PATERNAL), maternal: pick(rng, MATERNAL) }
    }

    pub(crate) fn full(&self) -> String {
        format!("{} {} {}", self.given, self.paternal, self.maternal)
    }
}

const GIRLS: &[&str] = &[
    "Flor",
    "Mar\u{ed}a",
    "Rosa",
    "Luz",
    "N\u{e9}lida",
    "Yesenia",
    "Bego\u{f1}a",
    "Zoila",
    "\u{c1}ngela",
    "Milagros",
    "\u{d1}usta",
    "Sof\u{ed}a",
    "Noem\u{ed}",
    "Jhoselyn",
    "Wendy",
    "Yadhira",
    "\u{da}rsula",
    "Delia",
    "Consuelo",
    "Maribel",
];

const BOYS: &[&str] = &[
    "Juan",
    "Jos\u{e9}",
    "Elmer",
    "Wilder",
    "Ra\u{fa}l",
    "H\u{e9}ctor",
    "Percy",
    "Nilo",
    "Jhon",
    "Efra\u{ed}n",
];

const PATERNAL: &[&str] = &[
    "Quispe",
    "Mamani",
    "Huam\u{e1}n",
    "Flores",
    "\u{d1}ahui",
    "N\u{fa}\u{f1}ez",
    "Pe\u{f1}a",
    "Ccahuana",
    "V\u{e1}squez",
    "Ch\u{e1}vez",
    "G\u{fc}ere",
    "D'\u{c1}ngelo",
    "Yupanqui",
    "Ruiz",
    "Tello",
    "Shapiama",
    "Tapullima",
    "Saavedra",
    "Zevallos",
    "Huanca",
    "R\u{ed}os",
    "Inuma",
    "de la Cruz",
    "Seminario",
];

const MATERNAL: &[&str] = &[
    "de Prueba",
    "Ficticio",
    "Ejemplo",
    "Inventada",
    "Imaginaria",
    "Supuesta",
    "de Muestra",
    "Simulada",
    "de Ensayo",
    "Inexistente",
];
