namespace ClosedLoop.Adapters;

/// <summary>One delivery of a webhook as it came in: its headers and raw bytes. Nothing in it is trusted yet.</summary>
public readonly record struct WebhookDelivery
{
    private readonly IReadOnlyDictionary<string, string>? _headers;

    /// <summary>The name of the adapter it was sent to, such as <c>github</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The headers, by case-insensitive name; repeated headers are joined by a comma.</summary>
    public required IReadOnlyDictionary<string, string> Headers
    {
        get => _headers ?? throw new InvalidOperationException("The delivery has no headers.");
        init => _headers = value;
    }

    /// <summary>The body's bytes as received: signatures are over these.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When it was received.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The query string of the request, without the question mark; generic senders put names there.</summary>
    public string Query { get; init; }

    /// <summary>Reads a header, or null.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out string? value) ? value : null;
}
