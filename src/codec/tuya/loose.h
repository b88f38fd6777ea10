/* A tolerant reader for the texts that stock firmware keeps: `{rl1_pin:26,module:CB2S,}` has bare
 * words and a trailing comma; older generations are JSON; pasted ones are JSON with every value
 * quoted; damaged ones end anywhere. Recursive descent over { } [ ] : , with bare and quoted
 * tokens into an array of nodes that the caller gives; nothing is allocated, order is kept, and
 * nodes point into the caller's text. */
#ifndef CODEC_TUYA_LOOSE_H
#define CODEC_TUYA_LOOSE_H
#include "base/status.h"
#include "base/text.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum loose_kind { LOOSE_OBJECT, LOOSE_ARRAY, LOOSE_TOKEN };
#define LOOSE_NONE      0xFFFFu
#define LOOSE_DEPTH_MAX 24

struct loose_node {
    const char *key;  /* inside an object: the member's name, as written; else NULL */
    const char *text; /* token: without quotes, escapes unresolved; container: its source text */
    uint32_t key_size, text_size;
    uint16_t first, next; /* node numbers, LOOSE_NONE at the end */
    uint8_t kind;         /* enum loose_kind */
    bool quoted;
};

struct loose_tree {
    struct loose_node *nodes;
    size_t capacity, count; /* node 0 is the root */
    size_t end;             /* bytes read: where the root ended */
    bool truncated;         /* the text ended inside a container: they were closed */
    bool all_quoted;        /* every token was in quotes: a listing that lost its numbers */
};

/* Reads the container that starts at the first `{` or `[` of text. NOT_FOUND when there is none,
 * NO_SPACE when capacity (at most 65535) does not suffice: what was read up to there is in the
 * tree, too. Too deep nesting is skipped over. */
enum status loose_parse(const char *text, size_t size, struct loose_node *nodes, size_t capacity,
                        struct loose_tree *tree, struct fault *fault);

/* Member of an object by name (first one), or NULL. */
const struct loose_node *loose_member(const struct loose_tree *tree,
                                      const struct loose_node *object, const char *key);
const struct loose_node *loose_first(const struct loose_tree *tree, const struct loose_node *node);
const struct loose_node *loose_next(const struct loose_tree *tree, const struct loose_node *node);

/* True for 0 or a bare decimal without leading zero: the only numbers there are. */
bool loose_is_number(const char *text, size_t size);
/* Is the token a number: bare, or quoted in a listing where everything is quoted. */
bool loose_node_is_number(const struct loose_tree *tree, const struct loose_node *node);
/* Integer of a token (also quoted), or `otherwise`. */
int64_t loose_integer(const struct loose_node *node, int64_t otherwise);
bool loose_equals(const struct loose_node *node, const char *word);

/* Adds a token's text with its escapes resolved; other control bytes become blanks. */
void loose_add_text(struct text *out, const struct loose_node *node);
/* Adds a node as strict JSON: numbers bare, everything else quoted. */
void loose_add_json(struct text *out, const struct loose_tree *tree, const struct loose_node *node);
/* Adds a string as a JSON string with its quotes. */
void loose_add_json_string(struct text *out, const char *string, size_t size);
#endif
