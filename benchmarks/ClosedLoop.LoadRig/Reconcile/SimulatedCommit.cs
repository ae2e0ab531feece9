namespace ClosedLoop.LoadRig.Reconcile;

/// <summary>A commit on the default branch of a simulated repository.</summary>
internal sealed class SimulatedCommit(string sha, string? parent, DateTimeOffset at, long checkRun)
{
    public string Sha => sha;

    public string? Parent => parent;

    public DateTimeOffset At => at;

    public long CheckRun => checkRun;

    /// <summary>When its checks ended, all of them well. A pull request's "updated" does not move with it.</summary>
    public DateTimeOffset? GreenAt { get; set; }
}
