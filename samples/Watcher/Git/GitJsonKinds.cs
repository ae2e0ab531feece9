namespace ClosedLoop.Samples.Watcher.Git;

internal sealed record GitJsonKinds(int Merge, int Squash, int Direct);
