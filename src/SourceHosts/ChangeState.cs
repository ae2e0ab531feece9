namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>Where a change stands; what can still follow comes first.</summary>
internal enum ChangeState
{
    Unknown = 0,
    Open = 1,
    Closed = 2,
    Merged = 3,
}
