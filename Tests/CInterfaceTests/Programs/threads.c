/*
 * Many threads predict with one model while another trains, saves and loads it: each answer is that of the model before
 * a step or after it, to the last bit, and never anything between.
 */
#include "expect.h"
#include <dirent.h>
#include <sched.h>
#include <stdatomic.h>

/* A reader sees one answer per step at most, as steps only go forward; the extra space is for wrong ones. */
enum { READERS = 4, STEPS = 60, ANSWER = SMALL_COUNT * SMALL_CLASSES, ROOM = 4 * STEPS };

static jacquard_model *model;
static jacquard_samples samples;
static float seen[STEPS + 1][ANSWER]; /* the answers after each step, the first before all */
static atomic_int started, answered, finished;

typedef struct {
    float answers[ROOM][ANSWER]; /* each that differs from the one before it */
    size_t count;
    int failures;
} reader;

static void *read_answers(void *context) {
    reader *mine = context;
    int32_t threads = 1, has_started = 0;
    float answer[ANSWER];
    do {
        if (jacquard_predict(model, &samples, threads, answer, ANSWER) != JACQUARD_OK) mine->failures++;
        if (mine->count == 0 || memcmp(mine->answers[mine->count - 1], answer, sizeof answer) != 0) {
            if (mine->count < ROOM) memcpy(mine->answers[mine->count++], answer, sizeof answer);
            else mine->failures++;
        }
        /* An error belongs to its thread. */
        if (jacquard_predict(NULL, &samples, 1, NULL, 0) != JACQUARD_BAD_ARGUMENT) mine->failures++;
        if (jacquard_error_code() != JACQUARD_BAD_ARGUMENT) mine->failures++;
        atomic_fetch_add(&answered, 1);
        if (!has_started) atomic_fetch_add(&started, 1);
        has_started = 1;
        threads = 3 - threads;
    } while (!atomic_load(&finished));
    return NULL;
}

/* After each step the training waits for an answer, so that however threads are scheduled, most steps have one. */
static int32_t remember(const jacquard_progress *progress, void *context) {
    (void)context;
    if (progress->ends_epoch) return 0;
    EXPECT(jacquard_predict(model, &samples, 1, seen[progress->step], ANSWER) == JACQUARD_OK);
    int before = atomic_load(&answered);
    while (atomic_load(&answered) == before) sched_yield();
    return 0;
}

static int running_threads(void) {
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    if (tasks == NULL) return -1;
    for (struct dirent *task = readdir(tasks); task != NULL; task = readdir(tasks)) count += task->d_name[0] != '.';
    closedir(tasks);
    return count;
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
    while (atomic_load(&started) < READERS) sched_yield();
    EXPECT(jacquard_trainer_run(trainer, remember, NULL) == JACQUARD_OK);
    EXPECT(jacquard_model_save(model, "threads.safetensors") == JACQUARD_OK);
    EXPECT(jacquard_model_load_weights(model, "threads.safetensors") == JACQUARD_OK);
    atomic_store(&finished, 1);
    for (int i = 0; i < READERS; i++) EXPECT(pthread_join(threads[i], NULL) == 0);

    EXPECT(memcmp(seen[0], seen[STEPS], sizeof seen[0]) != 0);
    int between = 0; /* answers of a model in the middle of its training */
    for (int i = 0; i < READERS; i++) {
        EXPECT(readers[i].failures == 0 && readers[i].count > 0);
        for (size_t answer = 0; answer < readers[i].count; answer++) {
            int step = 0;
            while (step <= STEPS && memcmp(seen[step], readers[i].answers[answer], sizeof seen[0]) != 0) step++;
            EXPECT(step <= STEPS);
            between += step > 0 && step < STEPS;
        }
    }
    EXPECT(between > 0);

    /* Calls with another number of threads each do not leave all of them behind: these would be 561. */
    float answer[ANSWER];
    for (int32_t count = 2; count <= 34; count++) EXPECT(jacquard_predict(model, &samples, count, answer, ANSWER) == JACQUARD_OK);
    EXPECT(running_threads() > 0 && running_threads() < 400);
    EXPECT(jacquard_error_code() == JACQUARD_OK);
    free(readers);
    jacquard_trainer_free(trainer);
    jacquard_model_free(model);
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
