#include "modules/directory/lexicon.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "modules/directory/text.h"

namespace fairward::directory {
namespace {

struct Concept {
  std::string_view starts;  // the folded names of the speciality begin with one of these; '|' between
  std::string_view first, second;
};

// Which words lead to which speciality. `first`: these doctors are meant; `second`: they may help too, or the word is
// used beside another ("chest infection", "child with a rash").
constexpr std::array concepts{
    Concept{
        "cardio",
        "cardiology heart chest palpitations palpitation cholesterol bp hypertension pressure ecg angina angioplasty "
        "bypass pacemaker cardiac dil hriday hruday seene chhati rakhtchap heartbeat",
        "blood breathless breathlessness attack failure valve sweating stroke ghabrahat saans"},
    Concept{"dermato",
            "dermatology skin acne pimple pimples rash rashes eczema psoriasis hair hairfall dandruff itching itch "
            "pigmentation mole moles wart warts vitiligo ringworm fungal chamdi twacha charm khujli baal muhase muhasa "
            "daad kharish allergy allergic",
            "fall loss infection nails nail burn spots boils marks dark"},
    Concept{"paediatric|pediatric",
            "paediatrics pediatrics paediatric pediatric paediatrician pediatrician child children childrens kid kids "
            "baby babies infant newborn toddler vaccination vaccine vaccines immunization immunisation bachcha bachche "
            "bachchon bachha baccha bacche bacchon shishu bal",
            "fever cough cold flu rash skin vomiting loose motion diarrhoea diarrhea stomach growth polio measles ear "
            "bukhar khansi pet daant dant allergy teeth eye sick ill unwell bimar beemar"},
    Concept{"orthopaedic|orthopedic",
            "orthopaedics orthopedics orthopaedic orthopedic orthopedist orthopaedist ortho bone bones fracture knee "
            "knees hip shoulder spine ligament backpain back slip disc joint joints haddi haddiyan ghutna ghutne "
            "kamar jod jodo kandha reedh",
            "neck ankle wrist elbow sprain injury sports replacement arthritis gathiya moch chot leg foot swelling"},
    Concept{"gynaecolog|gynecolog|obstetric",
            "gynaecology gynecology gynaecologist gynecologist gynae gynec gyno obstetrician obstetrics pregnancy "
            "pregnant women woman womens ladies lady period periods menstruation menstrual pcod pcos ivf infertility "
            "menopause delivery uterus ovary fibroid fibroids abortion contraception garbhavati garbhvati garbh "
            "mahila stri mahavari masik garbhavastha",
            "white discharge cyst normal caesarean breast fertility test hormone"},
    Concept{"neurolog",
            "neurology neuro brain headache head migraine epilepsy seizure seizures fits stroke paralysis nerve nerves "
            "parkinson parkinsons alzheimers alzheimer dementia dizziness vertigo tremor sir mirgi lakwa dimag "
            "sirdard chakkar mastishk nas numbness",
            "memory attack loss weakness tingling faint fainting balance"},
    Concept{"psychiatr",
            "psychiatry psychiatric depression depressed anxiety mental stress panic addiction insomnia schizophrenia "
            "bipolar ocd adhd mind counselling counseling udasi tanav mansik manorog nind neend",
            "sleep attack alcohol mood anger fear suicidal memory behaviour"},
    Concept{"ophthalmolog",
            "ophthalmology ophthalmologist eye eyes vision cataract glaucoma spectacles glasses retina lasik squint "
            "eyesight conjunctivitis aankh aankhon ankh ankhon aankhen netra nazar motiyabind motiabind chashma",
            "sight blurred watering red number infection"},
    Concept{"dent",
            "dental dentistry dentist teeth tooth toothache gum gums cavity cavities braces root canal rct denture "
            "dentures wisdom dant daant danton masude masuda orthodontist",
            "filling implant bleeding whitening cleaning mouth bad breath extraction"},
    Concept{"gastroenterolog",
            "gastroenterology gastro gastrologist stomach liver digestion acidity constipation gas ulcer jaundice "
            "hepatitis diarrhoea diarrhea vomiting ibs indigestion endoscopy colonoscopy abdomen abdominal pet pait "
            "kabz kabj piliya jigar ulti dast yakrit",
            "loose motion motions burning bleeding food poisoning gallstones fatty tummy belly"},
    Concept{"endocrinolog",
            "endocrinology endocrine thyroid hormone hormones hormonal goitre goiter obesity thaayaraaid",
            "diabetes diabetic sugar weight gain pcod pcos growth madhumeh prameh insulin blood"},
    Concept{"pulmonolog|pulmono|chest physician",
            "pulmonology lung lungs asthma cough breathing tb tuberculosis bronchitis pneumonia copd inhaler "
            "breathlessness breathless wheezing dama khansi saans sans phephda phephde tibi respiratory",
            "chest infection allergy smoking snoring shortness breath sleep cold"},
    Concept{"nephrolog", "nephrology kidney kidneys dialysis creatinine renal transplant gurda gurde kidni",
            "failure urine protein swelling"},
    Concept{"urolog",
            "urology urologist urine urinary prostate stone stones bladder uti circumcision vasectomy pathri peshab "
            "mutra andrologist",
            "kidney kidneys infection burning male infertility gurde gurda blood sexual kidni"},
    Concept{"oncolog",
            "oncology oncologist cancer tumour tumor chemotherapy chemo leukaemia leukemia lymphoma kainsar karkrog",
            "lump breast lung blood radiation"},
    Concept{"rheumatolog",
            "rheumatology arthritis rheumatoid lupus gout joint joints gathiya uric ankylosing spondylitis",
            "knee swelling stiffness jod acid"},
    Concept{"ent",
            "ear ears nose throat sinus sinusitis hearing tonsil tonsils snoring kaan naak gala galaa nak deaf "
            "deafness tonsillitis hoarse allergy",
            "vertigo cold wax bleeding voice dizziness infection"},
    Concept{
        "general physician|general medicine|family|internal medicine|general practi",
        "fever cold flu viral family medicine malaria dengue typhoid checkup bukhar jukam sardi gp weakness physician "
        "kamzori covid infection body sick ill unwell bimar beemar",
        "cough headache pressure diabetes sugar khansi vomiting general health dard loose motion bp hypertension"},
    Concept{"physiotherap", "physiotherapy physio rehabilitation physiotherapist sprain exercise posture",
            "back neck knee shoulder sports injury kamar stroke paralysis frozen sciatica spine slip disc"},
    Concept{"haematolog|hematolog",
            "haematology hematology haematologist hematologist blood anaemia anemia haemoglobin hemoglobin thalassemia "
            "thalassaemia haemophilia hemophilia platelets khoon rakt anemic",
            "low bleeding clot leukaemia leukemia cancer kami"},
    Concept{
        "general surgeon|general surgery|surgeon",
        "surgery hernia appendix appendicitis piles haemorrhoids hemorrhoids fissure fistula gallbladder gallstones "
        "operation bawasir bavasir lump laparoscopy abscess",
        "cyst stone bleeding"},
    Concept{"diabetolog", "diabetes diabetic sugar diabetology insulin madhumeh shugar prameh",
            "blood foot weight test"},
    Concept{"radiolog", "radiology xray ultrasound sonography mri scan ct ctscan mammography imaging ultrasonography",
            "test report pregnancy"},
    Concept{"anaesthes|anesthes",
            "anaesthesia anesthesia anaesthesiology anesthesiology anaesthetist anesthetist anesthesiologist",
            "pain management"},
};
static_assert(concepts.size() <= 64);

constexpr std::string_view fillers =
    "a an the in at of for on to from with and or near nearby nearest around by is am are i me my his her our who "
    "which "
    "that has have had having need want wants looking find search get book see best good top famous famed experienced "
    "speaking speaks speak spoken knows any some please available today appointment online consult consultation "
    "ka ki ke ko se me mein mai main men hai hain ho mujhe mere meri kaa kee liye wala wale wali vala vaale "
    "vaalaa vaalee aur ek accha achha acha achchha paas pass bolne";
constexpr std::string_view titles =
    "dr drs doctor doctors doc prof professor mr mrs ms miss smt shri sri md mbbs dm dnb mch frcs mrcp bds mds phd "
    "daktar doktar daktor doktor do chikitsak specialist specialists visheshajny visheshagya";
constexpr std::string_view vagues =
    "pain pains ache aches aching ake dard darda problem problems issue issues disease diseases disorder disorders "
    "treatment therapy trouble sore severe high low chronic acute rog bimari beemari bimaari beemaaree taklif takleef "
    "samasya ilaj ilaaj hospital hospitals speciality specialities department male female old years year hurts hurt "
    "hurting itchy patient symptoms";

constexpr std::pair<std::string_view, std::string_view> cities_also[] = {
    {"mumbai", "bombay"},
    {"bengaluru", "bangalore banglore"},
    {"bangalore", "bengaluru"},
    {"kolkata", "calcutta"},
    {"chennai", "madras"},
    {"visakhapatnam", "vizag vishakhapatnam"},
    {"kochi", "cochin ernakulam"},
    {"pune", "poona"},
    {"thiruvananthapuram", "trivandrum"},
    {"vadodara", "baroda"},
    {"varanasi", "banaras benares kashi"},
    {"prayagraj", "allahabad"},
    {"gurugram", "gurgaon"},
    {"mysuru", "mysore"},
    {"mangaluru", "mangalore"},
    {"puducherry", "pondicherry"},
    {"guwahati", "gauhati"},
    {"kozhikode", "calicut"},
    {"delhi", "dilli"},
    {"new delhi", "dilli"},
    {"belagavi", "belgaum"},
    {"hubballi", "hubli"},
    {"tiruchirappalli", "trichy"},
    {"thoothukudi", "tuticorin"},
    {"shimla", "simla"},
    {"kanpur", "cawnpore"},
    {"ahmedabad", "amdavad"},
};

constexpr std::string_view names_banerjee[] = {"banerjee", "bandyopadhyay", "banerji", "bandopadhyay"};
constexpr std::string_view names_mukherjee[] = {"mukherjee", "mukhopadhyay", "mukherji", "mookerjee"};
constexpr std::string_view names_chatterjee[] = {"chatterjee", "chattopadhyay", "chatterji"};
constexpr std::string_view names_ganguly[] = {"ganguly", "gangopadhyay", "ganguli"};
constexpr std::string_view names_iyer[] = {"iyer", "aiyar", "ayyar", "aiyer", "iyar"};
constexpr std::string_view names_mohammed[] = {"mohammed", "mohammad", "muhammad", "mohamed", "mohd"};
constexpr std::string_view names_bose[] = {"bose", "basu"};
constexpr std::string_view names_souza[] = {"dsouza", "desouza", "souza"};
constexpr std::span<const std::string_view> name_groups[] = {names_banerjee, names_mukherjee, names_chatterjee,
                                                             names_ganguly,  names_iyer,      names_mohammed,
                                                             names_bose,     names_souza};

struct Words {
  Vocabulary vocabulary;
  std::vector<LayMeaning> meanings;                 // by place in the vocabulary
  std::unordered_map<std::string_view, int> noise;  // 1 filler, 2 title, 3 vague
};

Words words_make() {
  std::map<std::string, LayMeaning, std::less<>> meanings;
  for (std::size_t i = 0; i < concepts.size(); ++i) {
    for (const auto word : words_of(concepts[i].first)) meanings[std::string(word)].first |= std::uint64_t{1} << i;
    for (const auto word : words_of(concepts[i].second)) meanings[std::string(word)].second |= std::uint64_t{1} << i;
  }
  Words words;
  std::vector<std::string> all;
  for (const auto& [word, meaning] : meanings) all.push_back(word), words.meanings.push_back(meaning);
  words.vocabulary.fill(std::move(all));
  for (const auto word : words_of(fillers)) words.noise.emplace(word, 1);
  for (const auto word : words_of(titles)) words.noise.emplace(word, 2);
  for (const auto word : words_of(vagues)) words.noise.emplace(word, 3);
  return words;
}

const Words& words() {
  static const Words made = words_make();
  return made;
}

int noise(std::string_view word) {
  const auto at = words().noise.find(word);
  return at == words().noise.end() ? 0 : at->second;
}

}  // namespace

std::uint64_t speciality_bit(std::string_view folded_name) {
  for (std::size_t i = 0; i < concepts.size(); ++i) {
    for (auto starts = concepts[i].starts; !starts.empty();) {
      const auto end = std::min(starts.find('|'), starts.size());
      if (folded_name.starts_with(starts.substr(0, end))) return std::uint64_t{1} << i;
      starts.remove_prefix(std::min(end + 1, starts.size()));
    }
  }
  return 0;
}

LayMeaning lay_meaning(std::string_view word) {
  const auto place = words().vocabulary.find(word);
  return place ? words().meanings[*place] : LayMeaning();
}

LayMeaning lay_meaning_starting(std::string_view start) {
  LayMeaning all;
  const auto [first, last] = words().vocabulary.starting(start);
  for (auto place = first; place < last; ++place) all.first |= words().meanings[place].first;
  return all;
}

const Vocabulary& lay_words() { return words().vocabulary; }

bool is_filler(std::string_view word) { return noise(word) == 1; }
bool is_title(std::string_view word) { return noise(word) == 2; }
bool is_vague(std::string_view word) { return noise(word) == 3; }

std::string_view city_aliases(std::string_view folded_name) {
  for (const auto& [name, aliases] : cities_also) {
    if (name == folded_name) return aliases;
  }
  return {};
}

std::span<const std::string_view> name_forms(std::string_view word) {
  for (const auto& group : name_groups) {
    if (std::ranges::find(group, word) != group.end()) return group;
  }
  return {};
}

}  // namespace fairward::directory
