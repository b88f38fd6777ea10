/* The state folder and the list of rates in it. */
#include "workbench/flasher/state_folder.h"

#include "workbench/host/file.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

bool state_path(const char *name, char *path, size_t size) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n;
    if (state && state[0] == '/')
        n = snprintf(path, size, "%s/plugsmith/%s", state, name);
    else if (home && home[0] == '/')
        n = snprintf(path, size, "%s/.local/state/plugsmith/%s", home, name);
    else
        return false;
    if (n < 0 || (size_t)n >= size)
        return false;
    make_folders(path);
    return true;
}

static json_t *rates_load(void) {
    char path[512];
    json_t *rates =
        state_path("rates.json", path, sizeof path) ? json_load_file(path, 0, NULL) : NULL;
    if (!json_is_object(rates)) {
        json_decref(rates);
        rates = json_object();
    }
    return rates;
}

uint32_t rates_recall(const char *adapter) {
    json_t *rates = rates_load();
    json_int_t baud = json_integer_value(json_object_get(rates, adapter));
    json_decref(rates);
    return baud >= 1200 && baud <= 10000000 ? (uint32_t)baud : 0;
}

void rates_remember(const char *adapter, uint32_t baud) {
    char path[512], why[160];
    if (!state_path("rates.json", path, sizeof path))
        return;
    json_t *rates = rates_load();
    json_object_set_new(rates, adapter, json_integer(baud));
    char *text = json_dumps(rates, JSON_INDENT(1) | JSON_SORT_KEYS);
    if (text)
        file_write(path, text, strlen(text), true, why, sizeof why);
    free(text);
    json_decref(rates);
}
