//! Invents a register of a Women's Emergency Center as its clerks keep it: semicolons, accents,
//! apostrophes, compound surnames, empty cells, lost zeros, and a few rows that are wrong.
//!
//! ```sh
//! cargo run --release --example invent_cem -- 5000 > cem.csv
//! cargo run --release --example invent_cem -- 5000 --windows-1252 > cem-1252.csv
//! ```
//!
//! Nobody in it exists: every maternal surname says so.

use std::error::Error;
use std::io::{Write, stdout};

use fastrand::Rng;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let old = args.iter().any(|arg| arg == "--windows-1252");
    let rows = args.iter().find_map(|arg| arg.parse().ok()).unwrap_or(5000);
    let mut table =
        csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(Vec::new());
    table.write_record(HEADER)?;
    let mut rng = Rng::with_seed(129);
    for number in 1..=rows {
        table.write_record(row(&mut rng, number))?;
    }
    let table = String::from_utf8(table.into_inner()?)?;
    if old {
        stdout().write_all(&encoding_rs::WINDOWS_1252.encode(&table).0)?;
    } else {
        stdout().write_all(table.as_bytes())?;
    }
    Ok(())
}

fn row(rng: &mut Rng, number: u32) -> Vec<String> {
    let (month, day) = (rng.u8(1..=9), rng.u8(1..=28));
    let age = if rng.u8(..100) < 37 { rng.u16(4..18) } else { rng.u16(18..70) };
    let paternal = if rng.u8(..10) == 0 {
        format!("{} {}", pick(rng, &["de la", "del", "de los"]), pick(rng, PATERNAL))
    } else {
        pick(rng, PATERNAL).to_owned()
    };
    let given = if rng.bool() {
        format!("{} {}", pick(rng, GIVEN), pick(rng, GIVEN))
    } else {
        pick(rng, GIVEN).to_owned()
    };
    // A spreadsheet made a number of it: the first zero is gone.
    let document = if rng.u8(..50) == 0 {
        rng.u32(1_000_000..9_999_999)
    } else {
        rng.u32(10_000_000..99_999_999)
    };
    let violence = pick(
        rng,
        &[
            "Física",
            "Psicológica",
            "Sexual",
            "Económica",
            "Física/Psicológica",
            "Psicológica/Sexual",
        ],
    );
    let mut row = vec![
        format!("{number:06}-2026"),
        format!("CEM-{number:05}"),
        format!("{day:02}/{month:02}/2026"),
        rng.u8(1..=5).to_string(),
        given.to_uppercase(),
        paternal.to_uppercase(),
        pick(rng, MATERNAL).to_uppercase(),
        "DNI".to_owned(),
        document.to_string(),
        format!("{:02}/{:02}/{}", rng.u8(1..=28), rng.u8(1..=12), 2025 - age),
        age.to_string(),
        if rng.u8(..20) == 0 { "M" } else { "F" }.to_owned(),
        if rng.u8(..20) == 0 { "VENEZOLANA" } else { "PERUANA" }.to_owned(),
        pick(rng, &["Castellano", "Castellano", "Quechua", "Aimara", "SHIPIBO"]).to_owned(),
        pick(rng, PLACES).to_owned(),
        format!(
            "Jr. {} N° {}; {}",
            pick(rng, STREETS),
            rng.u16(100..999),
            pick(rng, &["altos", "2.º piso", "Mz. \"B\" Lt. 4"])
        ),
        format!("9{:08}", rng.u32(..100_000_000)),
        format!("{:02}/{:02}/2025", rng.u8(1..=28), rng.u8(1..=12)),
        violence.to_owned(),
        pick(rng, &["CASA", "CASA", "CALLE", "COLEGIO", "HOSPEDAJE"]).to_owned(),
        pick(rng, &["SEVERO", "MODERADO", "LEVE"]).to_owned(),
        "Dato inventado".to_owned(),
    ];
    // Nobody fills every cell, but code, date, sex and kind of document are always there.
    for cell in
        row.iter_mut().enumerate().filter(|(i, _)| ![1, 2, 7, 11].contains(i)).map(|(_, c)| c)
    {
        match rng.u8(..40) {
            0 | 1 => cell.clear(),
            2 => *cell = "S/D".to_owned(),
            _ => {}
        }
    }
    if number.is_multiple_of(619) {
        spoil(rng, &mut row);
    }
    row
}

/// The mistakes of real registers.
fn spoil(rng: &mut Rng, row: &mut Vec<String>) {
    let mut put = |index: usize, text: &str| {
        if let Some(cell) = row.get_mut(index) {
            text.clone_into(cell);
        }
    };
    match rng.u8(..5) {
        0 => put(2, "31/02/2026"),
        1 => put(11, "X"),
        2 => put(10, "doce"),
        3 => put(14, "Huánuco"),
        _ => row.truncate(7),
    }
}

fn pick<'a>(rng: &mut Rng, list: &[&'a str]) -> &'a str {
    rng.choice(list).copied().unwrap_or_default()
}

const HEADER: [&str; 22] = [
    "N° FICHA",
    "CÓDIGO",
    "FECHA DE INGRESO",
    "CONDICIÓN",
    "NOMBRES",
    "APELLIDO PATERNO",
    "APELLIDO MATERNO",
    "TIPO DOC",
    "N° DOCUMENTO",
    "FECHA DE NACIMIENTO",
    "EDAD",
    "SEXO",
    "NACIONALIDAD",
    "LENGUA MATERNA",
    "UBIGEO",
    "DIRECCIÓN",
    "TELÉFONO",
    "FECHA DEL HECHO",
    "TIPO DE VIOLENCIA",
    "LUGAR",
    "NIVEL DE RIESGO",
    "OBSERVACIONES",
];

const GIVEN: &[&str] = &[
    "Flor", "María", "Rosa", "Luz", "Nélida", "Íngrid", "Yesenia", "Begoña", "Zoila", "Ángela",
    "Milagros", "Ñusta", "Sofía", "Noemí", "Jhoselyn", "Briyith", "Wendy", "Yadhira", "Úrsula",
];

const PATERNAL: &[&str] = &[
    "Quispe",
    "Mamani",
    "Huamán",
    "Flores",
    "Ñahui",
    "Núñez",
    "Peña",
    "Ccahuana",
    "Vásquez",
    "Chávez",
    "Güere",
    "D'Ángelo",
    "O'Higgins",
    "Yupanqui",
    "Cahuana",
    "Ruiz",
    "Tello",
    "Cruz",
    "Ríos",
    "Shapiama",
    "Tapullima",
    "Saavedra",
    "Zevallos",
    "Huanca",
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

const PLACES: &[&str] = &[
    "100101", "100601", "160101", "170101", "080101", "150101", "150132", "200101", "240101",
    "80101",
];

const STREETS: &[&str] = &["Las Ñustas", "28 de Julio", "Inventado", "Dos de Mayo", "Ficción"];
