using System.Collections.Concurrent;

namespace ClosedLoop.Outbox;

/// <summary>Which consumers of the outbox take what they are given, as this process saw it. Safe from several threads.</summary>
internal sealed class OutboxHealth
{
    private readonly ConcurrentDictionary<string, (DateTimeOffset Since, string Error)> _failing = new(StringComparer.Ordinal);

    /// <summary>Consumers that failed the last time, since when without a success, and why.</summary>
    public IReadOnlyList<(string Name, DateTimeOffset Since, string Error)> Failing =>
        [.. _failing.Select(static f => (f.Key, f.Value.Since, f.Value.Error)).OrderBy(static f => f.Key, StringComparer.Ordinal)];

    public void Took(string name) => _failing.TryRemove(name, out _);

    public void Failed(string name, DateTimeOffset at, string error) => _failing.AddOrUpdate(name, _ => (at, error), (_, known) => (known.Since, error));
}
