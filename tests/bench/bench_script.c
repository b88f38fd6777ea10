/* The script language: compiled commands and conditions a second, and what loading costs. */
#include "device/script/command.h"
#include "device/script/expression.h"
#include "device/script/script.h"
#include "device/store/files.h"
#include "virtual/plug/plug.h"

#include "bench.h"

#include <string.h>

enum { MANY = 500000 };
static struct plug plug;
static uint8_t code[SCRIPT_CODE_LINE];

static void compile(const char *line) {
    struct compiler c = compile_start(&plug.device, code, sizeof code);
    compile_line(&c, line, strlen(line));
}

static void nodes(void *context) {
    (void)context;
    for (int i = 0; i < MANY; i++)
        node_run(&plug.device, code, COMMAND_FROM_SCRIPT);
}

static void lines(void *context) {
    for (int i = 0; i < MANY / 10; i++)
        command_run(&plug.device, context, COMMAND_FROM_CONSOLE);
}

static void events(void *context) {
    (void)context;
    for (int i = 0; i < MANY / 10; i++)
        channel_set(&plug.device, 3, i & 1, 0);
}

static void loads(void *context) {
    (void)context;
    for (int i = 0; i < 1000; i++) {
        scripts_forget(&plug.device);
        blocks_tidy(&plug.device);
        script_load(&plug.device, "script");
    }
}

static void rate(const char *figure, void (*fn)(void *), void *context, double count, double goal,
                 const char *against) {
    double t = bench_best(3, fn, context);
    bench_row(figure, count / t, "/s", count / t / goal, against);
}

int main(void) {
    struct device *d = &plug.device;
    char script[4000] = "";
    plug_init(&plug, "BK7231N");
    compile("SetChannel 1 5");
    rate("script: SetChannel 1 5, compiled", nodes, NULL, MANY, 1e6, "one million");
    compile("AddChannel 2 1");
    rate("script: AddChannel 2 1, compiled", nodes, NULL, MANY, 1e6, "one million");
    channel_set(d, 1, 9, 0);
    compile("if $CH1>5 then AddChannel 2 1");
    rate("script: if $CH1>5 then AddChannel 2 1", nodes, NULL, MANY, 2e5, "200,000");
    compile("if $CH1*2+$CH2/4>$CH3&&$CH4==0 then AddChannel 5 1");
    rate("script: a condition of eight operators", nodes, NULL, MANY, 2e5, "200,000");
    rate("script: a line typed, compiled and run", lines, (char *)"AddChannel 2 1", MANY / 10, 1e5,
         "100,000");
    for (int i = 0; i < 64; i++) {
        char line[80];
        snprintf(line, sizeof line, "addChangeHandler Channel%d == 1 AddChannel 40 1", i);
        command_run(d, line, 0);
    }
    rate("script: changes past 64 handlers", events, NULL, MANY / 10, 1e5, "100,000");
    while (strlen(script) < 3000)
        strcat(script, "if $CH1>5 then AddChannel 2 1\n");
    store_file_write(&d->store, "script", script, strlen(script));
    rate("script: lines compiled from a file", loads, NULL, 1000 * (double)strlen(script) / 30, 1e5,
         "100,000");
    bench_row("script: bytes of code for a byte of text",
              (double)block_first(d, BLOCK_SCRIPT)->size / (double)strlen(script), "", 1, "itself");
    plug_free(&plug);
    return 0;
}
