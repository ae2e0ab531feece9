using ClosedLoop.Migration;

namespace ClosedLoop.Samples.Watcher.Git;

/// <summary>All that <c>--git</c> has to show.</summary>
internal sealed record GitResult(GitHistory History, GitThroughput Throughput, GitBoard Board, TimeSpan Elapsed);
