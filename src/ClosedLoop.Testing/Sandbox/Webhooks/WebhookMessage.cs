namespace ClosedLoop.Testing.Sandbox.Webhooks;

/// <summary>One webhook, ready to be sent.</summary>
internal sealed record WebhookMessage
{
    public required WebhookTarget Target { get; init; }

    public required string Event { get; init; }

    public required byte[] Body { get; init; }

    public required string ContentType { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
