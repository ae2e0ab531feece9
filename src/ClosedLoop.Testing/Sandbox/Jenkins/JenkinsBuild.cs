namespace ClosedLoop.Testing.Sandbox.Jenkins;

/// <summary>One build of one job.</summary>
internal sealed class JenkinsBuild(string job, string repository, int number, string revision, IReadOnlyList<string> changes, DateTimeOffset startedAt)
{
    public const string Success = "SUCCESS", Failure = "FAILURE", Aborted = "ABORTED", NotBuilt = "NOT_BUILT";

    public string Job { get; } = job;

    public string Repository { get; } = repository;

    public int Number { get; } = number;

    /// <summary>The commit that was checked out.</summary>
    public string Revision { get; } = revision;

    /// <summary>The commits that are new since the build before, oldest first; none when a build is repeated.</summary>
    public IReadOnlyList<string> Changes { get; } = changes;

    public DateTimeOffset StartedAt { get; } = startedAt;

    public TimeSpan Duration { get; private set; }

    /// <summary>As Jenkins tells it, in whole milliseconds.</summary>
    public DateTimeOffset EndedAt => StartedAt + Duration;

    public string? Result { get; private set; }

    public bool IsBuilding => Result is null;

    /// <summary>Whether it says something about its commit.</summary>
    public bool HasVerdict => Result is Success or Failure;

    public void Complete(string result, DateTimeOffset at)
    {
        Result = result;
        // Jenkins counts in whole milliseconds, and no build takes none.
        Duration = TimeSpan.FromMilliseconds(Math.Max(1, at.ToUnixTimeMilliseconds() - StartedAt.ToUnixTimeMilliseconds()));
    }
}
