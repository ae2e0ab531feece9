namespace ClosedLoop.Testing.Sandbox.Jenkins;

/// <summary>One build of one job.</summary>
internal sealed class JenkinsBuild(string job, string repository, int number, string revision, IReadOnlyList<string> changes, DateTimeOffset startedAt)
{
    public string Job { get; } = job;

    public string Repository { get; } = repository;

    public int Number { get; } = number;

    /// <summary>The commit that was checked out.</summary>
    public string Revision { get; } = revision;

    /// <summary>The commits that are new since the build before; none when a build is repeated.</summary>
    public IReadOnlyList<string> Changes { get; } = changes;

    public DateTimeOffset StartedAt { get; } = startedAt;

    public TimeSpan Duration { get; private set; }

    public string? Result { get; private set; }

    public bool IsBuilding => Result is null;

    public void Complete(string result, DateTimeOffset at)
    {
        Result = result;
        // Jenkins counts in whole milliseconds, and no build takes none.
        Duration = TimeSpan.FromMilliseconds(Math.Max(1, at.ToUnixTimeMilliseconds() - StartedAt.ToUnixTimeMilliseconds()));
    }
}
