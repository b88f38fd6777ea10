/* Colour arithmetic; see color.h. */
#include "device/light/color.h"

#include <math.h>

void color_to_hsv(const float rgb[3], float *hue, float *saturation, float *value) {
    float r = rgb[0] / 255, g = rgb[1] / 255, b = rgb[2] / 255;
    float high = fmaxf(r, fmaxf(g, b)), low = fminf(r, fminf(g, b)), span = high - low;
    *value = high;
    *saturation = high > 0 ? span / high : 0;
    *hue = 0;
    if (span <= 0)
        return;
    if (high == r)
        *hue = 60 * ((g - b) / span);
    else if (high == g)
        *hue = 60 * ((b - r) / span + 2);
    else
        *hue = 60 * ((r - g) / span + 4);
    if (*hue < 0)
        *hue += 360;
}

void color_from_hsv(float hue, float saturation, float value, float rgb[3]) {
    float sector = fmodf(hue, 360) / 60, chroma = value * saturation;
    float second = chroma * (1 - fabsf(fmodf(sector, 2) - 1)), base = value - chroma;
    static const unsigned char order[6][3] = {{2, 1, 0}, {1, 2, 0}, {0, 2, 1},
                                              {0, 1, 2}, {1, 0, 2}, {2, 0, 1}};
    const float parts[3] = {0, second, chroma};
    for (int i = 0; i < 3; i++)
        rgb[i] = floorf(255 * (parts[order[(int)sector % 6][i]] + base) + 0.5F);
}

void color_from_temperature(float mireds, float low, float high, float gamma, float *cold,
                            float *warm) {
    float w = (mireds - low) / (high - low), c = 1 - w;
    float larger = w > c ? w : c;
    *cold = 255 * powf(c / larger, 1 / gamma);
    *warm = 255 * powf(w / larger, 1 / gamma);
}
