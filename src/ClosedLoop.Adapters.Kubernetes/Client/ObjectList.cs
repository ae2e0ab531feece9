using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Client;

/// <summary>A whole list of the API, or how reading it failed.</summary>
internal sealed class ObjectList
{
    public IReadOnlyList<JsonElement> Items { get; init; } = [];

    /// <summary>The collection's version, from which a watch goes on; null when it is not known.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>The server's clock when it answered, or null.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>The answer that ended the reading; null when it was read to its end.</summary>
    public SourceAnswer? Failure { get; init; }

    /// <summary>The allowance ran out.</summary>
    public bool IsOutOfAllowance { get; init; }

    public bool IsComplete => Failure is null && !IsOutOfAllowance;
}
