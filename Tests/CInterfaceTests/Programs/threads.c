/*
 * Many threads predict with one model while another trains, saves and loads it: each answer is that of the model before
 * a step or after it, to the last bit, and never anything between.
 */
#include "expect.h"
#include <stdatomic.h>

enum { READERS = 4, STEPS = 60, ANSWER = SMALL_COUNT * SMALL_CLASSES };

static jacquard_model *model;
static jacquard_samples samples;
static float seen[STEPS + 1][ANSWER]; /* the answers after each step, the first before all */
static atomic_int started, finished;

typedef struct {
    float answers[400][ANSWER];
    size_t count;
    int failures;
} reader;

static void *read_answers(void *context) {
    reader *mine = context;
    int32_t threads = 1;
    do {
        size_t place = mine->count % 400;
        if (jacquard_predict(model, &samples, threads, mine->answers[place], ANSWER) != JACQUARD_OK) mine->failures++;
        /* An error belongs to its thread. */
        if (jacquard_predict(NULL, &samples, 1, NULL, 0) != JACQUARD_BAD_ARGUMENT) mine->failures++;
        if (jacquard_error_code() != JACQUARD_BAD_ARGUMENT) mine->failures++;
        mine->count++;
        if (mine->count == 1) atomic_fetch_add(&started, 1);
        threads = 3 - threads;
    } while (!atomic_load(&finished) && mine->count < 400);
    return NULL;
}

static int32_t remember(const jacquard_progress *progress, void *context) {
    (void)context;
    if (!progress->ends_epoch) EXPECT(jacquard_predict(model, &samples, 1, seen[progress->step], ANSWER) == JACQUARD_OK);
    return 0;
}

int main(void) {
    samples = small_samples();
    jacquard_training training;
    jacquard_trainer *trainer = NULL;
    EXPECT(jacquard_training_defaults(&training) == JACQUARD_OK);
    training.epochs = STEPS / 3;
    training.batch_size = 20;
    training.threads = 2;
    EXPECT(jacquard_model_create(SMALL_MODEL, 3, &model) == JACQUARD_OK);
    EXPECT(jacquard_trainer_create(model, &training, &samples, &trainer) == JACQUARD_OK);
    EXPECT(jacquard_predict(model, &samples, 1, seen[0], ANSWER) == JACQUARD_OK);

    pthread_t threads[READERS];
    reader *readers = calloc(READERS, sizeof(reader));
    if (readers == NULL) return 1;
    for (int i = 0; i < READERS; i++) EXPECT(pthread_create(&threads[i], NULL, read_answers, &readers[i]) == 0);
    while (atomic_load(&started) < READERS) continue;
    EXPECT(jacquard_trainer_run(trainer, remember, NULL) == JACQUARD_OK);
    EXPECT(jacquard_model_save(model, "threads.safetensors") == JACQUARD_OK);
    EXPECT(jacquard_model_load_weights(model, "threads.safetensors") == JACQUARD_OK);
    atomic_store(&finished, 1);
    for (int i = 0; i < READERS; i++) EXPECT(pthread_join(threads[i], NULL) == 0);

    EXPECT(memcmp(seen[0], seen[STEPS], sizeof seen[0]) != 0);
    for (int i = 0; i < READERS; i++) {
        EXPECT(readers[i].failures == 0 && readers[i].count > 0);
        for (size_t answer = 0; answer < readers[i].count && answer < 400; answer++) {
            int step = 0;
            while (step <= STEPS && memcmp(seen[step], readers[i].answers[answer], sizeof seen[0]) != 0) step++;
            EXPECT(step <= STEPS);
        }
    }
    EXPECT(jacquard_error_code() == JACQUARD_OK);
    free(readers);
    jacquard_trainer_free(trainer);
    jacquard_model_free(model);
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
