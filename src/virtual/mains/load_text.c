/* The text of a load; see load.h. */
#include "base/text.h"
#include "virtual/mains/load.h"

#include <stdlib.h>
#include <string.h>

static const struct load_part usual[LOAD_KINDS] = {
    [LOAD_PLAIN] = {LOAD_PLAIN, 0, 1, 1, 0, 0, 0},
    [LOAD_HEATER] = {LOAD_HEATER, 0, 1, 1, 0, 0, 0},
    [LOAD_MOTOR] = {LOAD_MOTOR, 0, 0.75F, 6, 0, 0, 0},
    [LOAD_CHARGER] = {LOAD_CHARGER, 0, 0.6F, 1, 0, 0, 7200},
    [LOAD_FRIDGE] = {LOAD_FRIDGE, 0, 0.7F, 5, 600, 1800, 0},
};
static const char *const kind_names[LOAD_KINDS] = {"", "heater", "motor", "charger", "fridge"};
static const struct mains_shape usual_mains = {230, 50, 0, 0, 0};

struct reader {
    const char *text, *p;
    struct fault *fault;
};

static enum status wrong(struct reader *r, const char *expected) {
    return fault_at(r->fault, STATUS_BAD_SYNTAX, (size_t)(r->p - r->text), expected);
}

static void blanks(struct reader *r) {
    while (text_is_space(*r->p))
        r->p++;
}

static bool number(struct reader *r, double *value) {
    char *end;
    *value = strtod(r->p, &end);
    if (end == r->p || *value < 0 || *value > 1e9)
        return false;
    r->p = end;
    return true;
}

/* "20m" in seconds. */
static bool duration(struct reader *r, double *seconds) {
    if (!number(r, seconds))
        return false;
    char unit = *r->p;
    double scale = unit == 'h'   ? 3600
                   : unit == 'm' ? 60
                   : unit == 's' ? 1
                   : unit == 'd' ? 86400
                                 : 0;
    if (unit == 'm' && r->p[1] == 's') {
        scale = 1e-3;
        r->p++;
    }
    if (scale <= 0)
        return false;
    *seconds *= scale;
    r->p++;
    return true;
}

static bool word(struct reader *r, const char *name) {
    size_t length = strlen(name);
    if (!text_starts(r->p, name) || text_is_alpha(r->p[length]))
        return false;
    r->p += length;
    return true;
}

static bool option(struct reader *r, const char *name, double *value, bool time) {
    const char *before = r->p;
    if (!word(r, name) || *r->p != '=') {
        r->p = before;
        return false;
    }
    r->p++;
    return time ? duration(r, value) : number(r, value);
}

/* pf=, inrush=, on=, off=, taper= of one load. */
static bool load_option(struct reader *r, struct load_part *part) {
    double value;
    if (option(r, "pf", &value, false) && value > 0.01 && value <= 1)
        part->power_factor = (float)value;
    else if (option(r, "inrush", &value, false))
        part->inrush = (float)value;
    else if (option(r, "on", &value, true))
        part->on_s = (float)value;
    else if (option(r, "off", &value, true))
        part->off_s = (float)value;
    else if (option(r, "taper", &value, true))
        part->taper_s = (float)value;
    else
        return false;
    return true;
}

static bool mains_option(struct reader *r, struct mains_shape *mains) {
    double value;
    if (option(r, "V", &value, false))
        mains->volts = (float)value;
    else if (option(r, "Hz", &value, false) && value > 0)
        mains->hz = (float)value;
    else if (option(r, "drift", &value, false))
        mains->drift_v = (float)value;
    else if (option(r, "ripple", &value, false))
        mains->ripple_v = (float)value;
    else if (option(r, "brownouts", &value, false))
        mains->brownouts = (float)value;
    else
        return false;
    return true;
}

static enum load_kind kind_of(struct reader *r) {
    for (unsigned k = LOAD_PLAIN + 1; k < LOAD_KINDS; k++)
        if (word(r, kind_names[k]))
            return (enum load_kind)k;
    return LOAD_PLAIN;
}

/* "heater 2000W pf=0.9". */
static enum status one_load(struct reader *r, struct load_profile *p) {
    struct load_part part = usual[kind_of(r)];
    double watts;
    blanks(r);
    if (word(r, "off"))
        return STATUS_OK;
    if (!number(r, &watts))
        return wrong(r, "a power like 60W, heater, motor, charger, fridge or a setting like V=230");
    blanks(r);
    if (*r->p == 'k') {
        watts *= 1000;
        r->p++;
    }
    if (text_lower(*r->p) != 'w')
        return wrong(r, "W behind the number");
    r->p++;
    part.watts = (float)watts;
    blanks(r);
    while (load_option(r, &part))
        blanks(r);
    if (p->parts == LOAD_PARTS)
        return fault_at(r->fault, STATUS_NO_SPACE, (size_t)(r->p - r->text), "fewer loads");
    p->part[p->parts++] = part;
    return STATUS_OK;
}

/* "20m 3W + motor 100W V=231": a step takes over the mains of the one before, and its loads when
 * it names none. */
static enum status one_step(struct reader *r, struct load_profile *p) {
    double at;
    if (!duration(r, &at))
        return wrong(r, "a time like 20m, 90s or 2h");
    if (p->steps == LOAD_STEPS)
        return fault_at(r->fault, STATUS_NO_SPACE, (size_t)(r->p - r->text), "fewer steps");
    struct load_step *step = &p->step[p->steps++];
    *step = (struct load_step){.mains = usual_mains};
    if (p->steps > 1)
        *step = step[-1];
    step->from_us = (uint64_t)(at * 1e6 + 0.5);
    unsigned first = p->parts;
    bool any = false, loads = false;
    for (blanks(r); *r->p && *r->p != ';'; blanks(r)) {
        any = true;
        if (*r->p == '+')
            r->p++, blanks(r);
        else if (mains_option(r, &step->mains))
            continue;
        enum status status = one_load(r, p);
        if (status != STATUS_OK)
            return status;
        loads = true;
    }
    if (!any)
        return wrong(r, "a power like 60W");
    if (loads) {
        step->first = (uint8_t)first;
        step->count = (uint8_t)(p->parts - first);
    }
    return STATUS_OK;
}

static bool is_recording(const char *text) {
    size_t line = strcspn(text, "\r\n;");
    return memchr(text, ',', line) != NULL;
}

/* One line of figures; a line that begins with a letter or # is a heading. */
static enum status one_row(struct reader *r, struct load_row *row, unsigned index) {
    double value[4];
    unsigned count = 0;
    while (count < 4) {
        blanks(r);
        if (!number(r, &value[count++]))
            return wrong(r, "figures V,A,W or seconds,V,A,W");
        while (*r->p == ' ' || *r->p == '\t')
            r->p++;
        if (*r->p != ',')
            break;
        r->p++;
    }
    if (count < 3)
        return wrong(r, "three or four figures in a line");
    const double *v = count == 4 ? value + 1 : value;
    double at = count == 4 ? value[0] : index;
    *row = (struct load_row){(uint64_t)(at * 1e6), (float)v[0], (float)v[1], (float)v[2]};
    return STATUS_OK;
}

static enum status recording(struct reader *r, struct load_profile *p) {
    unsigned room = 1;
    for (const char *c = r->p; *c; c++)
        room += *c == '\n';
    p->row = calloc(room, sizeof *p->row);
    if (!p->row)
        return STATUS_NO_SPACE;
    while (blanks(r), *r->p) {
        if (text_is_alpha(*r->p) || *r->p == '#') {
            r->p += strcspn(r->p, "\n");
            continue;
        }
        enum status status = one_row(r, &p->row[p->rows], p->rows);
        if (status != STATUS_OK)
            return status;
        if (p->rows && p->row[p->rows].from_us <= p->row[p->rows - 1].from_us)
            return wrong(r, "times that rise");
        p->rows++;
        blanks(r);
        if (p->rows == room && *r->p)
            return wrong(r, "one line per row");
    }
    return STATUS_OK;
}

enum status load_parse(struct load_profile *p, const char *text, struct fault *fault) {
    struct reader r = {text, text, fault};
    load_free(p);
    if (is_recording(text))
        return recording(&r, p);
    for (;;) {
        while (text_is_space(*r.p) || *r.p == ';')
            r.p++;
        if (!*r.p)
            return STATUS_OK;
        enum status status = one_step(&r, p);
        if (status != STATUS_OK)
            return status;
        if (p->steps > 1 && p->step[p->steps - 1].from_us < p->step[p->steps - 2].from_us)
            return wrong(&r, "times that rise");
    }
}

void load_free(struct load_profile *p) {
    free(p->row);
    memset(p, 0, sizeof *p);
}
