// `bench_cost PROGRAM ARG...`: runs it with its streams on /dev/null and prints "WALL-s CPU-s
// PEAK-MB" of it and its children.
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 0;
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    pid_t child = fork();
    if (child < 0)
        return 1;
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(null, 1);
        dup2(null, 2);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    int status;
    if (waitpid(child, &status, 0) < 0)
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &b);
    struct rusage u;
    getrusage(RUSAGE_CHILDREN, &u);
    printf("%.3f %.3f %.0f\n",
           (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9,
           seconds(u.ru_utime) + seconds(u.ru_stime), (double)u.ru_maxrss / 1024);
    return WIFEXITED(status) && WEXITSTATUS(status) == 127;
}
