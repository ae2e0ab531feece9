using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Tests.Support;

/// <summary>Keeps what it was told, and fails when it is told to.</summary>
internal sealed class RecordingSink(string name = "record") : IIncidentSink
{
    public List<IncidentNotice> Notices { get; } = [];

    public List<string?> Handles { get; } = [];

    public Func<IncidentNotice, Exception?> Fails { get; set; } = static _ => null;

    public string Name => name;

    public ValueTask<string?> DeliverAsync(IncidentNotice notice, string? handle, CancellationToken cancellationToken)
    {
        if (Fails(notice) is { } exception) throw exception;
        Notices.Add(notice);
        Handles.Add(handle);
        return new($"message {notice.Number}");
    }

    public IEnumerable<IncidentNotice> Of(IncidentNoticeKind kind) => Notices.Where(n => n.Kind == kind);

    /// <summary>What it was told, in short: <c>Fired Warning 1</c>.</summary>
    public string Story => string.Join("; ", Notices.Select(static n => $"{n.Kind} {n.Severity} {n.Count}"));
}
