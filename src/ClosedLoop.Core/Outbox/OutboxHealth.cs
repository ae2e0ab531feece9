using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClosedLoop.Diagnostics;

namespace ClosedLoop.Outbox;

/// <summary>Which consumers of the outbox take what they are given, as this process saw it. Safe from several threads.</summary>
internal sealed class OutboxHealth
{
    private readonly ConcurrentDictionary<string, (DateTimeOffset Since, string Error)> _failing = new(StringComparer.Ordinal);

    public OutboxHealth(LoopMetrics metrics) =>
        metrics.Meter.CreateObservableGauge("closedloop.outbox.failing", () => Failing.Select(static f => new Measurement<int>(1, new KeyValuePair<string, object?>("consumer", f.Name))), "{consumer}", "1 for each consumer of the outbox that failed the last time in this process.");

    /// <summary>Consumers that failed the last time, since when without a success, and why.</summary>
    public IReadOnlyList<(string Name, DateTimeOffset Since, string Error)> Failing =>
        [.. _failing.Select(static f => (f.Key, f.Value.Since, f.Value.Error)).OrderBy(static f => f.Key, StringComparer.Ordinal)];

    public void Took(string name) => _failing.TryRemove(name, out _);

    public void Failed(string name, DateTimeOffset at, string error) => _failing.AddOrUpdate(name, _ => (at, error), (_, known) => (known.Since, error));
}
