using ClosedLoop.Facts;

namespace ClosedLoop.Storage.InMemory;

/// <summary>One due row. To be changed only while it is in no queue.</summary>
internal sealed class DueEntry(Key subject, string kind)
{
    public Key Subject => subject;

    public string Kind => kind;

    public bool IsProbe { get; } = kind.StartsWith(DueKinds.Probe, StringComparison.Ordinal);

    public DateTimeOffset DueAt { get; set; }

    public string? Payload { get; set; }

    public int Attempts { get; set; }

    public long Token { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    public DateTimeOffset? AgainAt { get; set; }
}
