//! What people call each other in Peru: diminutives made by rule, and names of their own.

use crate::secret::SecretText;

/// How sure a form of a name is to be one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Strength {
    /// In any case of letters.
    Strong,
    /// With a capital letter: the beginning of a name is also that of many words.
    Weak,
}

/// The forms under which somebody of this folded given name may be called.
pub(super) fn forms(name: &str) -> Vec<(SecretText, Strength)> {
    let mut out = Vec::new();
    diminutives(name, &mut out);
    shortened(name, &mut out);
    for line in TABLE.lines() {
        let mut line = line.split_whitespace();
        let is_hers = line.clone().next().is_some_and(|names| names.split('/').any(|n| n == name));
        if !is_hers {
            // Recorded as she is called, written as she is named.
            if line.clone().skip(1).any(|form| form == name) {
                let names = line.next().unwrap_or_default().split('/');
                out.extend(names.map(|name| (name.into(), Strength::Weak)));
            }
            continue;
        }
        for form in line.skip(1) {
            out.push((form.into(), Strength::Strong));
            diminutives(form, &mut out);
        }
    }
    out
}

/// Two given names drawn together: Mafer, Juanjo, Maricarmen.
pub(super) fn joined(first: &str, second: &str) -> Vec<(SecretText, Strength)> {
    let mut out = Vec::new();
    for head in beginnings(first) {
        for tail in beginnings(second).chain([second]) {
            let mut form = String::with_capacity(head.len() + tail.len());
            form.push_str(head);
            form.push_str(tail);
            out.push((form.into(), Strength::Weak));
        }
    }
    out
}

/// The first two, three and four letters of a name.
fn beginnings(name: &str) -> impl Iterator<Item = &str> {
    (2..=4).filter_map(|letters| {
        let end = name.char_indices().nth(letters).map_or(name.len(), |(end, _)| end);
        name.get(..end)
    })
}

/// Rosa: Rosita, Rosacha, Rosy; Juan: Juancito, Juanito, Juancho.
fn diminutives(name: &str, out: &mut Vec<(SecretText, Strength)>) {
    if name.chars().count() < 3 {
        return;
    }
    let mut add = |stem: &str, endings: &[&str]| {
        out.extend(endings.iter().map(|ending| {
            let mut form = String::with_capacity(stem.len() + ending.len());
            form.push_str(stem);
            form.push_str(ending);
            (form.into(), Strength::Strong)
        }));
    };
    let stem = ["os", "as", "es", "is", "ys", "us", "a", "o", "e", "i", "y"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    let softened = softened(stem);
    add(&softened, &["ita", "ito", "itas", "itos", "illa", "illo", "in", "i", "y", "is", "ys"]);
    add(&softened, &["icha", "ucha", "ucho", "uca", "uco", "ota", "ote", "ina", "ins", "ines"]);
    add(stem, &["acha", "ocha", "acho", "ocho", "ucha", "ucho", "uca", "uco", "uja", "ita", "ito"]);
    let whole = softened_end(name);
    add(
        &whole,
        &["cita", "cito", "ecita", "ecito", "ita", "ito", "cha", "cho", "chi", "ci", "illa"],
    );
    add(name, &["cita", "cito", "ecita", "ecito", "ta", "cha", "cho", "chi"]);
    // Nieves is Nievecitas.
    if let Some(single) = name.strip_suffix('s') {
        add(single, &["cita", "citas", "cito", "citos"]);
    }
    // Sonia is Sonita, Gladys is Gladicita.
    if let Some(shorter) = stem.strip_suffix('i') {
        add(&self::softened(shorter), &["ita", "ito", "is", "i", "y", "ucha", "uca"]);
    }
    add(stem, &["icita", "icito", "iecita"]);
    // Doubled letters are often written once: Nelly is Nelita.
    if let Some(single) = stem.strip_suffix("ll").or_else(|| stem.strip_suffix("tt")) {
        let letter = if stem.ends_with('l') { "l" } else { "t" };
        add(single, &[&format!("{letter}ita"), &format!("{letter}i"), &format!("{letter}y")]);
    }
}

/// Jhoselyn: Jhos, Jhosy; Veronica: Vero, Veroquita.
fn shortened(name: &str, out: &mut Vec<(SecretText, Strength)>) {
    let letters = name.chars().count();
    for kept in 3..letters.saturating_sub(1) {
        let short: String = name.chars().take(kept).collect();
        if kept <= 5 {
            for ending in [
                "i", "y", "is", "ita", "ito", "quita", "quito", "cita", "cito", "chi", "ucha",
                "ucho", "uca", "uco",
            ] {
                out.push((format!("{short}{ending}").into(), Strength::Strong));
            }
        }
        out.push((short.into(), Strength::Weak));
    }
}

/// Paco is Paquito, Olga is Olguita, Lorenza is Lorencita.
fn softened(stem: &str) -> String {
    match (stem.strip_suffix('c'), stem.strip_suffix('g'), stem.strip_suffix('z')) {
        (Some(stem), ..) => format!("{stem}qu"),
        (_, Some(stem), _) => format!("{stem}gu"),
        (.., Some(stem)) => format!("{stem}c"),
        _ => stem.to_owned(),
    }
}

fn softened_end(name: &str) -> String {
    name.strip_suffix('z').map_or_else(|| name.to_owned(), |stem| format!("{stem}c"))
}

/// Names, then what they are called, as custom has it rather than any rule.
const TABLE: &str = "\
jose/josefina/josefa joselito joselo joselin pepe pepa chepe chepa pepin fina finita josecho chepita
luz/lucia/luisa/lucila lucecita lucha luchita luchi lu lucy luci lala
luis lucho luchin luchito lui
francisco/francisca/panfilo paco paca pancho pancha panchita pacho curro kiko quico fran frank chico
eduardo/edwardo lalo edu eddy wayo guayo
rosario charo chari charito rosi
mercedes meche mechita merche michi meches
fernando/fernanda/hernando/ferdinando nando nanda fer nano nandito ferchi
isabel/elisabet/isabela chabuca chabela chavela isa bela belita chabelita isabelita chabe ysabel
elizabeth/elisabeth/lizbeth/lisbeth eli ely liz lis beth betty beti betsy lizi bety elisa
catalina/katherine/katerine/catherine cata caty cati kathy kati katy kate cate
maria marujita maruja mari mary mariquita marita maruca marucha maricucha mariita marica
antonio tono tonito antuco antuquito toni tony anton tonio
antonia/antonieta tona tonita tonia toni tony antuca
alberto/roberto/heriberto/gilberto/rigoberto/norberto/humberto/adalberto/dagoberto/edilberto beto betito betico tito rober robert
alberta/roberta/norberta/edilberta berta beta betita
ernesto/hector/alberto/augusto/roberto/victor/humberto/cesar tito titi
consuelo chelo chela chelito chelita consu
marcela/graciela/celia/marcelina/micaela/maricela chela chelita
guadalupe lupe lupita lupi
jesus/jesusa chucho chuy chucha chuchito chuchita susu
ignacio/ignacia nacho nacha nachito
enrique/ricardo/quirico quique kike quico rica
ricardo richi richard rica cayo ricky
manuel/manuela manolo manolito manuelito manolo manu meme lolo manuelcha nelo
dolores/lola lola lolita loli lolis
teresa/maria tere tereshita teresita techi techita teruca tete
pilar pili pilarcita piluca
guillermo/guillermina memo memito willy guille mina minita billy
gregorio/gregoria goyo goya goyito goyita
rafael/rafaela rafa rafo rafita rafito falo fela felita
alejandro/alejandra/alexander/alexandra/alexis alex ale jano jandro sandro sandra alejo alejito
carlos/carla/carlota charlie carlitos cacho cachito carlucho caliche charly carli lita
miguel/micaela mique miki mico micky miguelon
jorge coco yorch coquito jorgito yoryi
pedro/petronila perico pedrin peyo peter perucho petita petico
javier/xavier javi javo javicho xavi
vicente/inocencio/inocente chente chentito chencho vichito
sebastian sebas seba bastian chebas
santiago/jaime/diego santi chago tiago yago jimmy
felipe/felipa/felicita/felix feli pipe lipe felicho fico
federico/federica fede fico kico lico quico
leonardo/leonel/leoncio/leonidas/leon leo leito nardo leoncito
leonor/leonora/eleonora/nora leo nora norita nori
concepcion concha conchita concho conchi chona
encarnacion encarna chona
asuncion/ascencion chona asunta choncha
margarita/margot mago maga margo marga margara rita ritita mague margui
milagros/milagritos mili mila milagritos mily millie milita milu
esperanza espe lancha espi pera
soledad sole chole cholita solecita chola
victoria/victorina vicky vicki viky toya victo tori toria
victor vitucho vito viti vic vicho victorcito vitocho
rosa/rosalia/rosalinda/rosaura rosi rosy rosita chita charo rosinda
patricia/patricio pati paty patty patico pato tricia paticia
silvia/silvana silvi chiva silvita chivita
beatriz/betsabe bety betty bea beti betico beita triz
gabriela/gabriel gabi gaby gabo gabicha
daniela/daniel dani dany danny danicha
veronica vero verito veroca veruca verusca
angelica/angela/angelina/angel angie angi geli lica angelita kika angeluchi
susana/azucena susi susy susu chana sana
ana/anabel/anastasia anita ani any nita anacha anuca
juana/juan juanita juanacha juani janet juancho juanucha juanuco chano
roxana/rossana roxi rossi roxy chana rox
graciela/gracia chela grace gracha
cecilia/celia ceci cecy chela chechi chila
julia/juliana/julian/julio juli july yuli julito juliacha juliaca
yuliana/juliana yuli july juli
yolanda yoli yola yoly
claudia/claudio/claudina clau claudi
monica moni mony moniquita
adriana/adrian adri nana adricha
maximiliano/maximo/maximina max maxi
maximo/maxima mashi mashico maxi
eulalia/lalia lala lali
eulogia/eulogio logia logio ulogio eulo
mateo/timoteo/teofilo teo
teodora/teodoro/doroteo/dorotea teo dora doro dorita tiodora
alfredo/wilfredo/manfredo/godofredo fredo fredy freddy alfi fredi alfre fredito
wilfredo/wilson/william/wilmer wil will willi willy wili
segundo/segundina shego shegundo segu
percival/percy perci pershi
edgardo/edgar/edith/edwin edi eddie edy eddy edu
gustavo tavo gus tavito gusti
octavio/octavia tavo tavito tavi
rodrigo/rodolfo rodri rigo rodo rolo rodi fito
rodolfo/adolfo/fidel/astolfo fito fofo dolfo rudy popo fitito
arturo/artemio turo tuto arti
hortensia/hortencia tencha tensia horte
vilma/wilma vilmi mimi
felicitas/felicita/feliciana feli chichi fela
martha/marta/martina/martin martuca martucha marti martita tincho
magdalena/madeleine magda nena lena malena maga magui
elena/helena/magdalena nena lena lenita nelly eli ele malena
filomena/filomeno filo mena menita filu
natividad/natalia/natali nati nato natacha naty
trinidad trini trinita
socorro coco socorrito soco cocoyo
virginia/virgilio vicky gina virgi ginita
carmen/carmela carmencita carmencha carmenza carmucha mela carmelita camucha menchu
raymundo/raimundo/edmundo/segismundo mundo mundito raymi
jacinto/jacinta chinto chinta jacincho
crisanto/crisologo/cristobal/cristian/cristina/christian cris kris tobal chris chanti cristi
cristina/ernestina/justina/florentina/martina/agustina/celestina tina tinita
florencia/florentina/flor/florinda flor florcita florecita florinda flori flory lora
eugenio/eugenia geno kena quena eugenita
aurelio/aurelia yeyo lelo aure lela
aurora aurorita lola yoya auri
amalia/amelia mela ami mali meli
emilia/emilio/emiliano emi mili milo emy
ramon/ramona moncho moncha mon ramoncito
salvador/salvadora chava salva salvita
juan juancho juanca juancito juanito jhon john
bartolome/bartola bartolo barto tolo
cipriano/cipriana cipri sipi
ronald/ronaldo/reynaldo/rolando/arnaldo/reinaldo rony roni naldo rolo rei rey ronny ronal
nicolas/nicolasa/nicanor nico colacho colas colasa nicolasito
nelida/nelly neli nely nelly nelita
elvira/elva elvi vira elvirita
esther/ester/estela tete estercita tela
georgina/georgia gina yoyi
lourdes/lurdes lula lulu lurdecitas lourdi
norma normi normita normacha
yesenia/jessenia/jessica/yessica/jesica yesi yesy yessi jessi jesi yeshi jessy jess
jhoselyn/joselyn/jocelyn josi yoselin joss jhosi yosi jhos
gladys gladis gladi gladicita gladisita
lidia/lydia lidi lidu lily
maribel/marisol/marilu/maricarmen mari maribelcita mary beli marisolcita
hilda/gilda ildita hildi gildita
hermelinda/ermelinda/herminia/erminia melinda linda mina mini herme
eusebio/eusebia chebo sebio sebi usebio ushico
marcelino/marcelo/marcos/marco marce lino chelo celino marquitos marquito
demetrio/demetria demo metri deme
abelardo/abel lalo abe abelucho
basilio/basilia basi bachi silio
percy percicito perucho
raul rulo raulito raulin raulucho
hugo huguito hugucho huguin
felix feli feliquito felisito
moises moi moisesito moy
ruben rubencho rubi ruco
ivan ivancito vancho ivancho
noemi/nohemi noe mimi nohe
ines inesita inecita neche
rocio chio chito chiito rochi rochy ro rocito
michael/maikol/mikel maicol maikol maykol maicool maycol mike maico
nadezhda/nadia nadia nadya nadiuska
alexei/alexey aliosha alex
bryan/brian brayan braian brayam bray
john/jonathan jhon yon jony johnny jhonny jonatan yonatan jhona yona
jefferson yeferson jeferson yefer jefer yeison
jason yeison jeison
steven/stephen/stiven estiven stivin stive
stephanie/estefania estefany fany fanny tefa stefi estefi
kevin keving quevin kevo
catherine kathe katy keti
natalia/natalie natucha nataly nata
wendy wendi guendy
shirley chirley shirli sherly
yuleisy/yulissa yule yuli yulis
darwin dargüin darwincito
guadalupe lupe pita lupucha
encarnacion encarnita
hermenegildo herme mene gildo
candelaria cande candela calala
primitivo primi tivo
saturnino satu nino
maximiliana maxi mili
valentina/valentin vale valen tina tinita
estefania/epifania fani fania pifa
dionisio/dionisia dioni nicho nisio
leandro/leandra lea
benjamin benja benji mincho
emperatriz empera triz
clotilde cloti tilde
yesica yeca";

#[cfg(test)]
mod tests {
    use super::*;

    fn has(name: &str, form: &str) -> bool {
        forms(name).iter().any(|(text, _)| text.expose() == form)
    }

    #[test]
    fn people_are_called_as_custom_has_it() {
        for (name, form) in [
            ("flor", "florcita"),
            ("flor", "florecita"),
            ("rosa", "rosita"),
            ("juan", "juanito"),
            ("juan", "juancho"),
            ("carmen", "carmencha"),
            ("jose", "pepe"),
            ("jose", "pepito"),
            ("lucia", "lucha"),
            ("luz", "lucecita"),
            ("francisco", "paquito"),
            ("sonia", "sonita"),
            ("gladys", "gladicita"),
            ("carlos", "carlitos"),
            ("olga", "olguita"),
            ("veronica", "veroquita"),
            ("pepe", "jose"),
        ] {
            assert!(has(name, form), "{name} is called {form}");
        }
        assert!(!has("flor", "juanita"));
    }
}
