/*
 * What one call of jacquard_predict costs, beside the network's own time.
 *
 *     cc -O2 -std=c11 call.c -o call $(pkg-config --cflags --libs jacquard) && ./call
 *
 * A network of one input and two outputs computes next to nothing, so that its time is what the call itself costs: checks, locks, the
 * memory of the call, the way through the operators, softmax. Two hundred times 100 calls of each; the median and the spread are of the
 * means.
 */
#define _POSIX_C_SOURCE 199309L
#include <jacquard.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SAMPLES = 200, CALLS = 100 };

static double microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const char *name, const char *description, size_t pixels, size_t classes) {
    static uint8_t bytes[28 * 28];
    float probabilities[10];
    jacquard_model *model = NULL;
    jacquard_samples samples = {.bytes = bytes, .pixel_count = pixels};
    if (jacquard_model_create(description, 1, &model) != JACQUARD_OK) {
        fprintf(stderr, "%s\n", jacquard_error_message());
        exit(1);
    }
    double means[SAMPLES];
    for (int sample = -1; sample < SAMPLES; sample++) { /* the first warms up */
        double start = microseconds();
        for (int call = 0; call < CALLS; call++)
            if (jacquard_predict(model, &samples, 1, probabilities, classes) != JACQUARD_OK) exit(1);
        if (sample >= 0) means[sample] = (microseconds() - start) / CALLS;
    }
    qsort(means, SAMPLES, sizeof(double), ascending);
    printf("%-16s %8.2f µs a call (%.2f to %.2f)\n", name, means[SAMPLES / 2], means[0], means[SAMPLES - 1]);
    jacquard_model_free(model);
}

int main(void) {
    measure("next to nothing",
            "{\"name\": \"nothing\", \"input_shape\": [1], \"class_names\": [\"a\", \"b\"], \"layers\": [{\"type\": \"dense\", "
            "\"output_features\": 2}]}", 1, 2);
    measure("lenet", "lenet", 28 * 28, 10);
    measure("cnn", "cnn", 28 * 28, 10);
    return 0;
}
