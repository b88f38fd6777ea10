/* Recognising text sources. The surest form wins: a whole configuration text with braces (JSON,
 * pConfig, pBuf), else `,key: is value` lines, else the listing in words, else IO and relay lines.
 * Forms of logs: measured on public firmware images, see openshwprojects/BekenEmulator. */
#include "workbench/inspector/textsource.h"

#include "codec/tuya/keys.h"
#include "codec/tuya/loose.h"
#include "workbench/inspector/textlines.h"
#include <stdlib.h>
#include <string.h>

#define SCAN_LIMIT (8u << 20)  /* a log longer than this is cut */
#define WORK_LIMIT (16u << 20) /* bytes parsed while looking for the best object */

bool text_source_is_text(const uint8_t *data, size_t size) {
    size_t sample = size < 65536 ? size : 65536, odd = 0;
    if (!size || memchr(data, 0, sample))
        return false;
    for (size_t i = 0; i < sample; i++)
        odd += data[i] >= 0xF8 || (data[i] < 0x20 && !strchr("\t\n\r\x1b", data[i]));
    return odd * 50 <= sample;
}

const char *text_source_name(enum text_source source) {
    static const char *const names[] = {"none", "pasted JSON", "description", "boot log"};
    return names[source];
}

static size_t line_number(const char *text, const char *at) {
    size_t line = 1;
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

/* How many members of this object are keys that we know. */
static size_t known_members(const struct loose_tree *tree, const struct loose_node *object) {
    size_t known = 0;
    for (const struct loose_node *node = loose_first(tree, object); node;
         node = loose_next(tree, node)) {
        char key[64];
        struct text text = text_start(key, sizeof key);
        text_add_n(&text, node->key ? node->key : "", node->key_size);
        known += tuya_key_find(key) != NULL || strcmp(key, "sw") == 0;
    }
    return known;
}

static bool is_wrapper(const struct loose_tree *tree) {
    static const char *const names[] = {"user_param_key", "device_configuration", "baud_cfg",
                                        "uart_adapt_params"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (loose_member(tree, &tree->nodes[0], names[i]))
            return true;
    return false;
}

/* The object with the most known keys; two are needed, or a wrapper. */
static const char *best_object(const char *text, size_t size, struct loose_node *nodes) {
    const char *best = NULL, *end = text + size;
    size_t most = 1, work = 0;
    for (const char *p = text; work < WORK_LIMIT && (p = memchr(p, '{', (size_t)(end - p))); p++) {
        struct loose_tree tree;
        size_t left = (size_t)(end - p) < 65536 ? (size_t)(end - p) : 65536;
        if (loose_parse(p, left, nodes, TUYA_NODES_MAX, &tree, NULL) == STATUS_NOT_FOUND)
            break;
        work += tree.end;
        size_t known = is_wrapper(&tree) ? 1000 : known_members(&tree, &nodes[0]);
        if (known > most) {
            most = known;
            best = p;
            p += tree.end > 1 && !tree.truncated ? tree.end - 1 : 0;
        }
    }
    return best;
}

/* What stands before the brace on its line tells a log from a pasted text. */
static const char *form_before(const char *text, const char *brace) {
    static const char *const forms[] = {"pConfig", "pBuf", "json cfg", "uf read string"};
    const char *line = brace;
    while (line > text && line[-1] != '\n')
        line--;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t length = strlen(forms[i]);
        for (const char *p = line; p + length <= brace; p++)
            if (memcmp(p, forms[i], length) == 0)
                return forms[i];
    }
    return NULL;
}

static bool is_log(const char *text, size_t size) {
    static const char *const marks[] = {"[WIFI",    "[INFO",    "Notice]", " Debug]",
                                        "V:BK7231", "BK7231",   "SDK:",    "tuya_",
                                        "mf_init",  "os_start", "uf read"};
    struct span_text all = {text, size};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_find(all, marks[i]))
            return true;
    return false;
}

/* Another log line begins inside: the log cut this text, and brackets closed by chance. */
static bool is_glued(const char *object, size_t left, struct loose_node *nodes) {
    static const char *const heads[] = {" TUYA ", "[lr:", "\n["};
    struct loose_tree tree;
    if (loose_parse(object, left, nodes, TUYA_NODES_MAX, &tree, NULL) == STATUS_NOT_FOUND)
        return false;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (span_find((struct span_text){object, tree.end}, heads[i]))
            return true;
    return false;
}

static bool read_object(const char *text, size_t size, struct tuya_config *config,
                        struct loose_node *nodes, struct text_finding *finding) {
    const char *object = best_object(text, size, nodes);
    if (!object)
        return false;
    size_t left = (size_t)(text + size - object);
    left = left < 65536 ? left : 65536;
    bool glued = is_glued(object, left, nodes);
    if (tuya_config_read(config, object, left, nodes, NULL) != STATUS_OK)
        return false;
    config->truncated |= glued;
    const char *form = form_before(text, object);
    finding->source =
        form || is_log(text, (size_t)(object - text)) ? TEXT_SOURCE_BOOT_LOG : TEXT_SOURCE_JSON;
    finding->form = form                                  ? form
                    : finding->source == TEXT_SOURCE_JSON ? "object"
                                                          : "configuration text";
    finding->line = line_number(text, object);
    return config->member_count || config->baud;
}

static void secrets_look(const char *text, size_t size, struct text_finding *finding) {
    static const char *const words[] = {"get key:",  "auth_key", "authkey", "psk_key", "uuid",
                                        "local_key", "passwd",   "ssid",    "mac:",    "MAC:"};
    struct span_text all = {text, size};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        finding->secrets |= span_find(all, words[i]) != NULL;
}

/* A whole text first; what the log cut or tells line by line adds up. */
static bool read_all(struct span_text all, struct tuya_config *config, struct loose_node *nodes,
                     struct text_finding *finding) {
    if (read_object(all.text, all.size, config, nodes, finding) && !config->truncated)
        return true;
    bool object = finding->source != TEXT_SOURCE_NONE, truncated = config->truncated;
    struct text_finding of_object = *finding;
    *finding = (struct text_finding){.source = TEXT_SOURCE_NONE, .form = ""};
    tuya_config_start(config);
    bool lines = textlines_cut(all, config, finding);
    lines |= textlines_key_is(all, config, finding);
    lines |= textlines_io(all, config, finding);
    if (lines)
        return true;
    if (object) {
        *finding = of_object;
        config->truncated = truncated;
        return read_object(all.text, all.size, config, nodes, finding);
    }
    return textlines_description(all, config, finding);
}

bool text_source_read(const uint8_t *data, size_t size, struct tuya_config *config,
                      struct text_finding *finding) {
    *finding = (struct text_finding){.source = TEXT_SOURCE_NONE, .form = ""};
    tuya_config_start(config);
    if (!text_source_is_text(data, size))
        return false;
    const char *text = (const char *)data;
    size = size < SCAN_LIMIT ? size : SCAN_LIMIT;
    struct loose_node *nodes = malloc(TUYA_NODES_MAX * sizeof *nodes);
    if (!nodes)
        return false;
    struct span_text all = {text, size};
    bool found = read_all(all, config, nodes, finding);
    free(nodes);
    tuya_config_finish(config);
    finding->pins_in_log = config->pin_count;
    secrets_look(text, size, finding);
    return found;
}
