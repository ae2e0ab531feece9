namespace ClosedLoop.Migration;

/// <summary>One commit in a <see cref="CommitTable"/>. Times are Unix seconds; pull request 0 is none.</summary>
internal struct CommitRow
{
    public long AuthoredAt;
    public long CommittedAt;
    public long PullRequest;
    public long SubjectAt;
    public int ParentStart;
    public int ParentCount;
    public short SubjectBytes;

    /// <summary>False for a parent that was named but is not in the clone.</summary>
    public bool IsRead;
}
