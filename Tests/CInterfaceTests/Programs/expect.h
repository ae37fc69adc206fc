/* What the test programs share: expectations that are counted, and small data. */
#ifndef EXPECT_H
#define EXPECT_H

#include <jacquard.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures = 0;

#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            printf("%s:%d: %s does not hold; the last error: %s\n", __FILE__, __LINE__, #condition,                     \
                   jacquard_error_message());                                                                          \
            failures++;                                                                                                \
        }                                                                                                              \
    } while (0)

/* A small model with a batch norm and dropout, so that states and randomness count too. */
static const char *const SMALL_MODEL =
    "{\"name\": \"small\", \"input_shape\": [8, 8, 1], \"class_names\": [\"a\", \"b\", \"c\"], \"layers\": ["
    "{\"type\": \"conv2d\", \"output_channels\": 4, \"kernel_size\": 3}, {\"type\": \"batch_norm2d\"}, {\"type\": \"relu\"}, "
    "{\"type\": \"flatten\"}, {\"type\": \"dropout\", \"rate\": 0.2}, {\"type\": \"dense\", \"output_features\": 3}]}";

enum { SMALL_PIXELS = 64, SMALL_CLASSES = 3, SMALL_COUNT = 50 };

static uint8_t small_pixels[SMALL_COUNT * SMALL_PIXELS];
static int32_t small_labels[SMALL_COUNT];

/* Images whose class shows in one bright row, over a pattern. */
static inline jacquard_samples small_samples(void) {
    for (size_t image = 0; image < SMALL_COUNT; image++) {
        small_labels[image] = (int32_t)(image % SMALL_CLASSES);
        for (size_t pixel = 0; pixel < SMALL_PIXELS; pixel++)
            small_pixels[image * SMALL_PIXELS + pixel] =
                (uint8_t)(pixel / 8 == 1 + 2 * (image % SMALL_CLASSES) ? 220 : (pixel * 13 + image * 7) % 50);
    }
    jacquard_samples samples = {small_pixels, NULL, sizeof small_pixels, small_labels, SMALL_COUNT};
    return samples;
}

#endif
