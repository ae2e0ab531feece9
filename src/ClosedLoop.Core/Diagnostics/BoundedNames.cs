using System.Collections.Concurrent;

namespace ClosedLoop.Diagnostics;

/// <summary>Names that become attributes of metrics: the first so many as they are, the rest as one. Safe from several threads.</summary>
internal sealed class BoundedNames(int most)
{
    /// <summary>What stands for the rest, as OpenTelemetry's conventions have it.</summary>
    public const string Other = "_OTHER";

    private readonly ConcurrentDictionary<string, byte> _names = new(StringComparer.Ordinal);

    public string? Of(string? name)
    {
        if (name is null || _names.ContainsKey(name)) return name;
        if (_names.Count >= most) return Other;
        _names.TryAdd(name, 0);
        return name;
    }
}
