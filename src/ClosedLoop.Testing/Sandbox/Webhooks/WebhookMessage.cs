namespace ClosedLoop.Testing.Sandbox.Webhooks;

/// <summary>One webhook, ready to be sent.</summary>
internal sealed record WebhookMessage
{
    public required WebhookTarget Target { get; init; }

    /// <summary>The last segment of the address that it goes to.</summary>
    public string Source => Target == WebhookTarget.ArgoRollouts ? "argo-rollouts" : Target.ToString().ToLowerInvariant();

    public required string Event { get; init; }

    public required byte[] Body { get; init; }

    public required string ContentType { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
