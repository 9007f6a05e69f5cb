/* SPDX-License-Identifier: MIT */
/* Words for invented people: small talk in many languages and scripts, so that every page meets
 * them. */
#include "cmd/fill.h"

static const struct {
	const char *language;
	struct str text[8];
} talk[] = {
	{"en",
	 {S_INIT("The kettle is on and the rain has finally stopped."),
	  S_INIT("Reading an old book about lighthouses. Who knew?"),
	  S_INIT("Does anyone else keep a list of good benches?"),
	  S_INIT("My sourdough has a name now, and opinions."),
	  S_INIT("Fixed the bug. It was a missing comma, again."),
	  S_INIT("Walked home the long way, past the canal."),
	  S_INIT("Today I learned that otters have a pocket for their favourite stone."),
	  S_INIT("What are you listening to this week?")}},
	{"de",
	 {S_INIT("Der Nebel hängt heute tief über dem Fluss."),
	  S_INIT("Endlich Zeit für das Fahrrad in der Garage."),
	  S_INIT("Kennt jemand ein gutes Rezept für Zwetschgenkuchen?"),
	  S_INIT("Drei Züge, zwei Verspätungen, ein gutes Buch."),
	  S_INIT("Im Hof singt eine Amsel, als würde sie dafür bezahlt."),
	  S_INIT("Größe ist relativ, Käse nicht."), S_INIT("Heute im Chor: Bach. Morgen: heiser."),
	  S_INIT("Wer kommt am Samstag mit auf den Flohmarkt?")}},
	{"fr",
	 {S_INIT("Le marché sent déjà les pommes et la pluie."),
	  S_INIT("Qui a encore caché mes clés ? Le chat, sûrement."),
	  S_INIT("Un café, un journal, et la journée peut attendre."),
	  S_INIT("J’ai enfin terminé ce puzzle de mille pièces."),
	  S_INIT("Quelqu’un connaît une bonne librairie à Nantes ?"),
	  S_INIT("Il neige sur les toits, tout est plus calme."),
	  S_INIT("Ce soir, soupe à l’oignon et vieux films."),
	  S_INIT("Déjà l’automne, et je n’ai rien vu passer.")}},
	{"es",
	 {S_INIT("La plaza está llena de golondrinas esta tarde."),
	  S_INIT("¿Alguien sabe arreglar una máquina de escribir?"),
	  S_INIT("Hoy toca caminar hasta el faro y volver."),
	  S_INIT("El pan recién hecho arregla casi todo."),
	  S_INIT("Mañana ensayo con la banda, traed paraguas."),
	  S_INIT("He plantado tomates en el balcón. Deseadme suerte."),
	  S_INIT("Qué silencio tan bueno después de la tormenta."),
	  S_INIT("Nunca es tarde para un buen chocolate.")}},
	{"pt",
	 {S_INIT("O mar hoje está cor de chumbo e lindo."),
	  S_INIT("Alguém recomenda um bom filme antigo?"),
	  S_INIT("Consegui consertar o rádio da minha avó!"),
	  S_INIT("Pão de queijo e conversa até tarde."),
	  S_INIT("A chuva atrasou o jogo, mas ninguém foi embora."),
	  S_INIT("Amanhã começo as aulas de violão."),
	  S_INIT("São três da manhã e o galo já canta."),
	  S_INIT("Feira de livros no jardim: trouxe cinco.")}},
	{"pl",
	 {S_INIT("Za oknem pierwszy śnieg, w kuchni barszcz."),
	  S_INIT("Czy ktoś jeszcze pisze listy na papierze?"),
	  S_INIT("Znalazłem grzyby, ale zgubiłem ścieżkę."),
	  S_INIT("Żółw przebiegł przez ogród szybciej niż ja."),
	  S_INIT("Dziś same dobre wiadomości."), S_INIT("Jutro jedziemy nad jezioro."),
	  S_INIT("Książka skończona, teraz cisza."), S_INIT("Łódka naprawiona, można płynąć!")}},
	{"ru",
	 {S_INIT("Сегодня весь город пахнет липой."),
	  S_INIT("Кто знает хороший рецепт пирога с вишней?"),
	  S_INIT("Дочитал роман и теперь скучаю по героям."),
	  S_INIT("Поезд опоздал, зато закат был прекрасный."),
	  S_INIT("Кот снова спит на клавиатуре."), S_INIT("Завтра идём в лес за грибами."),
	  S_INIT("Наконец-то починил велосипед."),
	  S_INIT("Тихий вечер, чай и старые фотографии.")}},
	{"el",
	 {S_INIT("Η θάλασσα σήμερα είναι λάδι."), S_INIT("Ξέρει κανείς καλό βιβλίο για το ταξίδι;"),
	  S_INIT("Καφές στην αυλή και δεν χρειάζομαι τίποτα άλλο."),
	  S_INIT("Το σκυλί έφαγε πάλι την εφημερίδα."), S_INIT("Αύριο μαζεύουμε ελιές."),
	  S_INIT("Ωραία βραδιά για περπάτημα."), S_INIT("Μόλις τελείωσε η βροχή."),
	  S_INIT("Ποιος θα έρθει στη συναυλία;")}},
	{"ar",
	 {S_INIT("صباح الخير يا أصدقاء، القهوة جاهزة."),
	  S_INIT("هل يعرف أحد مكتبة جيدة في المدينة؟"), S_INIT("السماء صافية بعد المطر."),
	  S_INIT("انتهيت من قراءة الرواية، وكانت رائعة."), S_INIT("غداً نذهب إلى البحر."),
	  S_INIT("القط نائم على الكتاب مرة أخرى."), S_INIT("أجمل ما في المساء هذا الهدوء."),
	  S_INIT("تعلمت اليوم كلمة جديدة.")}},
	{"he",
	 {S_INIT("סוף סוף גשם, והרחוב מריח נהדר."), S_INIT("מישהו מכיר מתכון טוב לחלה?"),
	  S_INIT("החתול שוב ישן על המקלדת."), S_INIT("מחר יוצאים לטיול בגליל."),
	  S_INIT("סיימתי ספר ואין לי מה לקרוא."), S_INIT("קפה, שמש ושקט."),
	  S_INIT("האוטובוס איחר אבל השקיעה הייתה יפה."), S_INIT("מי בא לקונצרט?")}},
	{"hi",
	 {S_INIT("आज सुबह की चाय कुछ ज़्यादा ही अच्छी बनी।"), S_INIT("क्या किसी ने नई फ़िल्म देखी?"),
	  S_INIT("बारिश के बाद शहर धुला-धुला लगता है।"), S_INIT("कल हम पहाड़ों की ओर निकलेंगे।"),
	  S_INIT("पुरानी किताबों की खुशबू का कोई जवाब नहीं।"), S_INIT("बिल्ली फिर से मेरी कुर्सी पर सो गई।"),
	  S_INIT("आज का दिन बहुत शांत रहा।"), S_INIT("कौन कौन मेले में आ रहा है?")}},
	{"ja",
	 {S_INIT("今朝は霧が深くて、橋の向こうが見えない。"),
	  S_INIT("おすすめの古本屋を教えてください。"), S_INIT("やっと自転車が直った！"),
	  S_INIT("猫がまたキーボードの上で寝ている。"), S_INIT("雨上がりの匂いが好きです。"),
	  S_INIT("明日は海まで歩く予定。"), S_INIT("新しいレシピに挑戦中。"),
	  S_INIT("今日はいい日だった。")}},
	{"zh",
	 {S_INIT("今天的茶特别香。"), S_INIT("有人知道城里好的旧书店吗？"),
	  S_INIT("雨停了，街上安静得很。"), S_INIT("猫又睡在键盘上了。"),
	  S_INIT("明天去爬山，谁一起？"), S_INIT("终于修好了那台收音机。"),
	  S_INIT("读完一本好书，有点舍不得。"), S_INIT("晚霞真好看。")}},
	{"ko",
	 {S_INIT("오늘 아침 공기가 참 좋네요."), S_INIT("좋은 책 추천해 주세요."),
	  S_INIT("드디어 자전거를 고쳤다!"), S_INIT("고양이가 또 키보드 위에서 잔다."),
	  S_INIT("비 온 뒤의 냄새가 좋아요."), S_INIT("내일은 바다까지 걸어갈 거예요."),
	  S_INIT("조용한 저녁, 따뜻한 차."), S_INIT("새로운 요리에 도전 중.")}},
};
enum { LANGUAGES = sizeof talk / sizeof *talk, SENTENCES = 8 };

struct sentence sentence_pick(struct rand_seq *r)
{
	uint64_t l = rand_seq_below(r, LANGUAGES);
	return (struct sentence){talk[l].language, talk[l].text[rand_seq_below(r, SENTENCES)]};
}

struct sentence sentence_like(struct rand_seq *r, struct sentence s)
{
	for (size_t l = 0; l < LANGUAGES; l++)
		if (talk[l].language == s.language)
			s.text = talk[l].text[rand_seq_below(r, SENTENCES)];
	return s;
}

struct str hashtag_pick(struct rand_seq *r)
{
	static const struct str tags[] = {
		S_INIT("#coffee"),      S_INIT("#books"),    S_INIT("#rain"),   S_INIT("#cats"),
		S_INIT("#cycling"),     S_INIT("#music"),    S_INIT("#garden"), S_INIT("#bread"),
		S_INIT("#Straßenbahn"), S_INIT("#théâtre"),  S_INIT("#кино"),   S_INIT("#猫"),
		S_INIT("#写真"),        S_INIT("#قهوة"),     S_INIT("#linux"),  S_INIT("#smallweb"),
		S_INIT("#walking"),     S_INIT("#1984_book")};
	/* The first are the favourites of all. */
	uint64_t n = sizeof tags / sizeof *tags, x = rand_seq_below(r, n), y = rand_seq_below(r, n);
	return tags[x < y ? x : y];
}

struct str greeting_pick(uint64_t who)
{
	static const struct str greetings[] = {
		S_INIT("good morning"),      S_INIT("brb"),           S_INIT("at lunch"),
		S_INIT("busy, back later"),  S_INIT("Guten Morgen!"), S_INIT("おはよう"),
		S_INIT("watching the rain"), S_INIT("available")};
	return greetings[who % (sizeof greetings / sizeof *greetings)];
}

struct str first_name(uint64_t i)
{
	static const struct str names[] = {
		S_INIT("Ada"),    S_INIT("Mira"),  S_INIT("Jonas"), S_INIT("Leila"),
		S_INIT("Tomasz"), S_INIT("Ines"),  S_INIT("Ravi"),  S_INIT("Yuki"),
		S_INIT("Noor"),   S_INIT("Pablo"), S_INIT("Greta"), S_INIT("Oskar"),
		S_INIT("Amara"),  S_INIT("Hugo"),  S_INIT("Zoe"),   S_INIT("Milan"),
		S_INIT("Freya"),  S_INIT("Samir"), S_INIT("Clara"), S_INIT("Dario"),
		S_INIT("Elif"),   S_INIT("Felix"), S_INIT("Hana"),  S_INIT("Ivan"),
		S_INIT("Juno"),   S_INIT("Kofi"),  S_INIT("Luca"),  S_INIT("Maja"),
		S_INIT("Nils"),   S_INIT("Olga"),  S_INIT("Petra"), S_INIT("Quinn")};
	return names[i % (sizeof names / sizeof *names)];
}

struct str last_name(uint64_t i)
{
	static const struct str names[] = {
		S_INIT("Lindqvist"), S_INIT("Okafor"),       S_INIT("Moreau"), S_INIT("Tanaka"),
		S_INIT("Petrov"),    S_INIT("García"),       S_INIT("Nowak"),  S_INIT("Haddad"),
		S_INIT("Kim"),       S_INIT("Papadopoulos"), S_INIT("Müller"), S_INIT("Sharma"),
		S_INIT("Rossi"),     S_INIT("O’Neill"),      S_INIT("Yılmaz"), S_INIT("Costa"),
		S_INIT("Łuczak"),    S_INIT("Berg"),         S_INIT("Cohen")};
	return names[i % (sizeof names / sizeof *names)];
}
