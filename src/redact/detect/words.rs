//! Words of Spanish that matter to whoever looks for names, folded.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::search::normal;

/// Whether a folded word is one of everyday Spanish, so that alone and in small letters it is
/// not a name.
pub(super) fn is_ordinary(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| [ORDINARY, FUNCTION].join_all());
    word.chars().nth(2).is_none() || words.contains(word)
}

/// Whether a folded word only joins others, and so ends a name or a street.
pub(super) fn is_function(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| [FUNCTION].join_all()).contains(word)
}

/// Whether a name is likely after this word: titles, kin, parts in a case.
pub(super) fn announces(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| [TITLES, KIN].join_all()).contains(word)
}

/// Whether a capital after this word begins a name, even of somebody whom nobody recorded.
pub(super) fn is_title(word: &str) -> bool {
    TITLES.split_whitespace().any(|title| title == word)
}

/// Whether this word after a title is an office, not a name.
pub(super) fn is_office(word: &str) -> bool {
    OFFICES.split_whitespace().any(|office| office == word)
}

/// Whether whoever stands before this word has just said or done something.
pub(super) fn is_said(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| [SAID].join_all()).contains(word)
}

/// Whether whoever stands after this word has just come, gone or spoken: `llego flor`.
pub(super) fn acted(word: &str) -> bool {
    ACTED.split_whitespace().any(|acted| acted == word)
}

/// Days of the week; Domingo is first of all a name.
pub(super) fn is_weekday(word: &str) -> bool {
    matches!(word, "lunes" | "martes" | "miercoles" | "jueves" | "viernes" | "sabado" | "sabados")
}

/// Whether a word may stand inside a name or a street, between two that carry it.
pub(super) fn is_particle(word: &str) -> bool {
    normal::is_particle(word) || matches!(word, "viuda" | "san" | "santa")
}

/// What is counted after a number, so that the number is not a house's.
pub(super) fn is_counted(word: &str) -> bool {
    COUNTED.split_whitespace().any(|counted| counted == word)
}

/// Whether what is named so has a number that is no house's: an office, a file, a line, a law.
pub(super) fn is_numbered(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| [NUMBERED, MEASURED].join_all()).contains(word)
}

/// Whether a number after this word is that of a file, complaint, certificate or account.
pub(super) fn is_filed(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| [NUMBERED].join_all()).contains(word)
}

trait JoinAll {
    fn join_all(self) -> BTreeSet<&'static str>;
}

impl<const N: usize> JoinAll for [&'static str; N] {
    fn join_all(self) -> BTreeSet<&'static str> {
        self.into_iter().flat_map(str::split_whitespace).collect()
    }
}

const COUNTED: &str = "anos ano meses mes dias dia semanas horas hora minutos soles sol veces personas \
    hijos hijas ninos ninas metros cuadras casas puertas policias hombres mujeres am pm mg kg \
    kilos fotos efectivos sujetos familias casos kits folios sesiones tabletas puntos \
    mil millones cajas sacos litros horas hrs";

const NUMBERED: &str = "expediente expedientes exp exped expte carpeta carpetas denuncia denuncias caso \
    casos atestado parte oficio informe ficha hc hcl hclinica historia protocolo pericia certificado \
    constancia reclamo memorando memorandum ref referencia solicitud cml ocurrencia registro queja \
    cuaderno incidente legajo sidpol orden codigo cod tramite acta disposicion papeleta boleta ticket \
    voucher recibo operacion op suministro poliza afiliacion autogenerado partida resolucion providencia \
    notificacion cedula siau sisdna reg cargo dosaje muestra cita cuenta cta cci libreta tarjeta \
    contrato cf cpf radicado nota hoja carta escrito proceso sumilla rq requisitoria lic licencia \
    colegiatura cmp cpsp cal caja sis titulo serie chasis motor imei";

const MEASURED: &str = "ley articulo art inciso linea decreto folio folios dni ce pasaporte ptp ruc placa telefono \
    celular cel tel telf sala juzgado fiscalia grupo anexo comite colegio ie";

const TITLES: &str = "senora senor senorita senores senoras sra sr srta sras sres dona don dr dra \
    doctor doctora lic licenciada licenciado prof profesor profesora abog abogada abogado ing \
    ingeniero ingeniera psic psicologa psicologo obst obstetra tecnico tecnica suboficial comandante \
    capitan teniente sor padre madre llamada llamado apodada apodado apellidada \
    apellidado alias identificada identificado";

const KIN: &str = "menor nina nino ninita ninito nena nene bebe adolescente joven jovencita hermana \
    hermano hermanas hermanos hermanita hermanito mama papa mami papi mamita madre padre tia tio \
    tias tios prima primo abuela abuelo abuelita abuelito hija hijo hijita hijito hijas hijos esposa \
    esposo conviviente pareja expareja enamorado enamorada novio novia vecina vecino llama llamo \
    llaman llamaba nombre nombres apellido apellidos companera companero amiga amigo agraviada \
    agraviado agraviadas denunciante denunciado denunciada usuaria usuario paciente agresor agresora \
    sobrina sobrino cunada cunado suegra suegro nuera yerno madrina padrino madrastra padrastro \
    hermanastra hermanastro comadre compadre sobreviviente victima testigo imputado acusado \
    investigado investigada procesado alumna alumno estudiante beneficiaria familia familiar tutora \
    tutor ex marido mujer viuda chica chico muchacha muchacho cuidadora";

const OFFICES: &str = "fiscal juez jueza policia comisario comisaria director directora decano \
    alcalde alcaldesa gobernador regidor regidora ministro ministra defensor defensora secretario \
    secretaria presidente presidenta medico psicologo psicologa abogado abogada asistente \
    trabajadora trabajador docente tutor tutora coordinador coordinadora encargado encargada \
    banco empresa municipalidad juzgado fiscalia hospital colegio ministerio \
    representante congresista perito perita notario prefecto subprefecto jefe jefa general \
    superior provincial adjunto adjunta de doctor doctora licenciado licenciada";

const SAID: &str = "dijo dice decia refiere refirio manifesto manifiesta cuenta conto senala senalo \
    indica indico lloraba llora lloro tenia vive vivia vino viene fue quiere quiso teme temia relata \
    relato narra narro declara declaro denuncio denuncia acudio acude asiste asistio firma firmo \
    llamo pidio pide salio sale llego llega regreso volvio respondio responde contesto comenta \
    comento menciona menciono estaba esta es tiene sabe grito golpeo agredio amenazo nacio cumplio \
    maneja manejaba trabaja trabajaba estudia duerme juega cuida cuidaba lleva llevo golpea amenaza \
    insulta habla hablo bebe sufre publica escribe escribio trajo puso dejo \
    rompio pego pateo empujo jalo quito tomo entro aparecio busco";

/// Verbs of which the doer often follows.
const ACTED: &str = "llego llega vino viene volvio regreso acudio comparecio dijo respondio \
    contesto llamo firmo aparecio entro murio fallecio nacio";

/// Joins and pronouns.
const FUNCTION: &str = "a al ante bajo con contra de del desde durante e el ella ellas ellos en entre \
    era eran es esa ese eso esta estaba estan estas este esto estos fue fueron ha habia han hace \
    hacia hasta hay he la las le les lo los mas me mi mientras mis muy nada ni no nos o os otra otro \
    para pero por porque pues que quien quienes se sea segun ser si sido sin sobre solo son su sus \
    tal tambien tan tanto te todo toda todos todas tras tu tus u un una unas uno unos usted y ya yo \
    cuando cual cuales donde como aqui alli ahi asi aun aunque antes despues luego entonces siempre \
    nunca cada casi cuyo cuya dicho dicha mismo misma ambos ambas nuestra nuestro aquel aquella \
    tiene tienen tenia refiere dice dijo vive viven vivia indica senala manifiesta ubicado ubicada \
    frente cerca altura espalda costado lado junto hoy ayer";

/// Names that are words, and words a letter away from a name.
const ORDINARY: &str = "abad abierto abril agosto agua alba alegre alegria alma alta alto altos amada amado ambito \
    amiga amigo amor amparo angel angeles anos arce arena arenas armando arroyo aurora azucena \
    azul baja balsa banco bando barba barra barrera barriga barrio barrios base beca bella \
    bello bendita blanca blancas blanco blancos boca bonilla bonita bonito bosque bote bravo \
    brazo brazos buena bueno caballero cabello cabeza cabezas cabrera cadena caja caldera calle \
    calles calma calor calvo calza cama cambio camino caminos campo campos canto cara carga \
    cargar cargas cargo carino carita carito carmen carne carnes carnet caro carro carta casa \
    casada casas casi casita caso casos castillo castillos causa celeste celo celos centro \
    cerca cerrar cerro chacra chata chato chica chico china chino chiquita chiquito chola cholo \
    cielo cinta cita citas ciudad clara claro clavo cobra cobro coca cocina coco colegio colina \
    color colores comas comida comisaria concha conde condes consuelo consulta contar contra \
    corazon cordero corral corrales corre correa corte cosa cosas costa credito creo crespo \
    crisis cruces cruz cruzado cuadra cuadro cuadros cuello cuenta cuesta cueva cuevas culpa \
    cura curso dado dama danza dato datos deja delgada delgado delito delitos denuncia descalzo \
    dias diciembre dio dolor dolores domingo dorado dos dulce duque edad edita ejemplo enero \
    ensayo entre era escalante escrita escrito espejo espera esperanza espina espinas esquina \
    estrella evita fabula falta familia favorita fe febrero feliz fiesta fina fino firma fiscal \
    flaca flaco flor flora flores florida foco fondo forma foto franca franco fria frias frio \
    fuente fuentes fuerte fuerza gallardo gallo gana garra gata gatita gatito gato gente gloria \
    golpe golpes gorda gordita gordito gordo gracia gracias grados granados grande gratis \
    gringa gringo grita grito guapa guerra guerrero guia habita hacer hada hambre harina hecho \
    hechos hermana hermano hermosa hermoso hierro hijo hijos hoja hojas hola hombre hombres \
    hora horas hospital huerta huerto hueso huevo hurtado iglesia iglesias inocente invierno \
    invita invito iris isla jardin jefa jefe jueves jugo julio junio junto justa justo juzgado \
    ladera lado lagos laguna lana larga largas largo leal lector leon leona leones ley lider \
    lima limpia linda lindo lino lirio llama llanos llanto llena lleno lluvia loba lobo loca \
    loco loma lozano lucero luces lucha luego lugar luna lunares lunes luz madera madre maestra \
    maestro mago mal mala malas malo maltrato manana mancha manera manita manito mano manos \
    manso manta manzano maqueta mar mara maravilla marca marcar marcas marcha marco marea \
    margarita maria marino marte martes marzo mas mascota mata mayo mayor medicina medida memo \
    menor menos mercado merced mes mesa meses miedo miel miercoles mil milagro milagros mina \
    minas minuto mirada miranda mismo modesta modesto molino molinos mona moneda mono montana \
    monte montes mora moral morales moran morena moreno morocha morocho mosca mosquito mucha \
    mucho muerta muerte muestra mujer mujeres mundo muro nacho nada natural navaja necesita \
    negra negrita negrito negro nena nene nevado nicho nieta nieto nieve nieves nina nino ninos \
    noche nombre norma norte noviembre nube nueva nuevo ocho octubre oficina oliva olivera \
    olivo olivos orden orejas oro oso padre pajaro palacio palacios palma palmas paloma \
    palomino pan panda papa para pardo pare pared paredes parra parte partes pasa pasar paso \
    pastor patio pato paz peces pecho pena penal penas pepa pera perdida perdon perita perito \
    perla permito pero persona peso piedra pila pilar pino pinos pinta pinto piscina piso placa \
    plata playa plaza poeta policia polo poncho poquita poquito portal posta pozo pozos prado \
    prados presa presentacion prima primavera primitivo primo princesa prueba pruebas puede \
    puente puentes puerta puertas punto purificacion quena quimera quinta quinto quiso ramas \
    ramo ramos rana raya rayo raza razon real refugio reina reja rejas remedios requisito rey \
    reyes reyna rezar ribera rico rio rios risa robla roble robles roca rocas rocio roja rojas \
    rojo rojos rollo roma romano ronda ropa rosa rosada rosado rosal rosales rosario rosas rota \
    roto rubia rubio rueda rufo sabado sabe sabio sal sala salas salida salina salinas salir \
    salsa salud salvador salvo sana sangre sano santa santas santo santos sarna saya seco seda \
    segunda segundo senor septiembre sera serena sereno seria serie serio serna setiembre \
    sierra silva silvestre socorro sofa sol sola soledad soles solita solito solo soltera \
    sombra suelo sueno suero sur tapa tarde tasa taza techo tejada tela tele templo tercero \
    tesis tesoro tia tierra tigre tina tinta tio titi tocan toda toro toros torre torres \
    trabajo tramos trigo trigos tristan triste tronco tuya uno vaca vacas vale valer valiente \
    valle valles valor vamos vara varas vasco vela velas vencida vera verano verde verdes vez \
    chat ciclo ciclos copia copias escala linea llave llueve llovia lluvia mango motor oca \
    paciencia paro patron regla severa severo traer vida vidal vieja viejo viento viernes villa villar vinas vino virgen visita visito vista \
    viva vivar vive vivero vivo voz yerba yeso zapatero";
