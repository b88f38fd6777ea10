/* Reading pieces of configuration text: `{rl1_lv:1,bt1_pin:10,` and the like, quoted or bare. */
#include "workbench/emulator/fragments.h"

#include "codec/tuya/keys.h"
#include "codec/tuya/loose.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 40, VALUE_MAX = 40, AGREEING_MIN = 2 };

struct member_span {
    const char *key, *value;
    size_t key_size, value_size;
};

void fragments_add(struct fragments *f, const char *text, size_t size, uint64_t us) {
    char *copy = f->count < FRAGMENTS_MAX ? malloc(size + 1) : NULL;
    if (!copy)
        return;
    memcpy(copy, text, size);
    copy[size] = '\0';
    f->text[f->count] = copy;
    f->us[f->count++] = us;
}

void fragments_free(struct fragments *f) {
    for (int i = 0; i < f->count; i++)
        free(f->text[i]);
    f->count = 0;
}

static bool is_known(const char *key, size_t size) {
    char name[KEY_MAX + 1];
    if (!size || size > KEY_MAX)
        return false;
    memcpy(name, key, size);
    name[size] = '\0';
    return tuya_key_find(name) != NULL;
}

static void unquote(const char **text, size_t *size) {
    while (*size && (**text == '"' || **text == '\\')) {
        (*text)++;
        (*size)--;
    }
    while (*size && ((*text)[*size - 1] == '"' || (*text)[*size - 1] == '\\'))
        (*size)--;
}

/* The next whole member at or behind *at, which moves on; false at the end. */
static bool next_member(const char **at, struct member_span *m) {
    for (const char *p = *at; (p = strpbrk(p, ",{")); p++) {
        m->key = p + 1;
        m->key_size = strcspn(m->key, ":,{}[]");
        const char *colon = m->key + m->key_size;
        if (*colon != ':')
            continue;
        m->value = colon + 1;
        m->value_size = strcspn(m->value, ",{}[]");
        const char *end = m->value + m->value_size;
        if ((*end != ',' && *end != '}') || m->value_size > VALUE_MAX)
            continue;
        unquote(&m->key, &m->key_size);
        unquote(&m->value, &m->value_size);
        if (!is_known(m->key, m->key_size))
            continue;
        *at = end;
        return true;
    }
    return false;
}

static const struct tuya_member *find(const struct tuya_config *config,
                                      const struct member_span *m) {
    for (size_t i = 0; i < config->member_count; i++)
        if (strlen(config->members[i].key) == m->key_size &&
            memcmp(config->members[i].key, m->key, m->key_size) == 0)
            return &config->members[i];
    return NULL;
}

static bool same_value(const struct tuya_member *member, const struct member_span *m) {
    return strlen(member->value) == m->value_size &&
           memcmp(member->value, m->value, m->value_size) == 0;
}

size_t fragment_read(const char *text, struct tuya_config *config) {
    struct member_span m;
    size_t known = 0;
    while (next_member(&text, &m)) {
        bool number = loose_is_number(m.value, m.value_size);
        known++;
        if (config && !find(config, &m))
            tuya_config_add(config, m.key, m.key_size, m.value, m.value_size,
                            number ? TUYA_NUMBER : TUYA_STRING);
    }
    return known;
}

/* Does the piece speak of the same device as what is known already? */
static bool agrees(const char *text, const struct tuya_config *config) {
    struct member_span m;
    size_t same = 0, other = 0;
    while (next_member(&text, &m)) {
        const struct tuya_member *member = find(config, &m);
        same += member && same_value(member, &m);
        other += member && !same_value(member, &m);
    }
    return !other && same >= AGREEING_MIN;
}

/* Two halves of one text share no member; they belong together when both ends are cut. */
static bool continues(const char *text, const struct tuya_config *config) {
    struct member_span m;
    size_t shared = 0, known = 0;
    while (next_member(&text, &m)) {
        known++;
        shared += find(config, &m) != NULL;
    }
    return known > 1 && !shared;
}

int fragments_read(const struct fragments *f, struct tuya_config *config, uint64_t *first_us) {
    bool used[FRAGMENTS_MAX] = {false};
    int count = 0;
    for (;;) {
        int best = -1;
        size_t most = 1;
        for (int i = 0; i < f->count; i++) {
            size_t known = used[i] ? 0 : fragment_read(f->text[i], NULL);
            bool fits = !config->member_count || agrees(f->text[i], config) ||
                        continues(f->text[i], config);
            if (known > most && fits) {
                most = known;
                best = i;
            }
        }
        if (best < 0)
            return count;
        used[best] = true;
        fragment_read(f->text[best], config);
        if (count++ == 0)
            *first_us = f->us[best];
    }
}
