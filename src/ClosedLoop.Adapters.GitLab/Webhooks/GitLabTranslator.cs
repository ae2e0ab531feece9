using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.GitLab.Webhooks;

/// <summary>Turns GitLab's deliveries into facts. Pure and safe from several threads.</summary>
internal sealed class GitLabTranslator(GitLabSettings settings) : IWebhookTranslator
{
    public Translation Translate(in WebhookDelivery delivery) => Translate(delivery.Body, delivery.Header("X-Gitlab-Event")) with { DeliveryId = IdOf(delivery) };

    /// <summary>Translates a body.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="header">The header <c>X-Gitlab-Event</c>, for messages only: system and group hooks send what project hooks send under another name.</param>
    public Translation Translate(ReadOnlyMemory<byte> body, string? header)
    {
        string @event = header is { Length: > 0 and <= 64 } ? header : "unknown";
        try
        {
            using var document = JsonDocument.Parse(body);
            return Translate(document.RootElement, @event);
        }
        catch (JsonException error)
        {
            return Translation.Malformed(@event, $"the body is not valid JSON: {error.Message}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // Text that JSON allows and no string or key can hold, such as half of a surrogate pair.
            return Translation.Malformed(@event, "a value cannot be read: text that no key can hold");
        }
    }

    public Translation Translate(JsonElement payload, string @event)
    {
        if (payload.ValueKind != JsonValueKind.Object) return Translation.Malformed(@event, "the payload is not a JSON object");
        string? kind = payload.Text("object_kind") ?? payload.Text("event_name");
        if (kind is null) return Translation.Malformed(@event, "object_kind is missing");
        @event = kind.Length <= 64 ? kind : @event;
        if (payload.Text("object_attributes", "action") is { Length: > 0 and <= 32 } action) @event = $"{@event}.{action}";
        if (kind is not ("merge_request" or "pipeline" or "deployment" or "push")) return Translation.Ignored(@event, ReasonToIgnore(kind));
        string? repository = payload.Text("project", "path_with_namespace");
        if (!RepositoryPath.IsValid(repository, GitLabSettings.MinSegments, GitLabSettings.MaxSegments)) return Translation.Malformed(@event, "project.path_with_namespace is missing or not a project's path");
        if (!settings.Host.Watches(repository!)) return Translation.Ignored(@event, $"the project {repository} is not in GitLab:Projects");
        var harvest = new Harvest();
        string? missing = kind switch
        {
            "merge_request" => MergeRequestPayload.Read(payload, repository!, settings, harvest),
            "pipeline" => PipelinePayload.Read(payload, repository!, settings, harvest),
            "deployment" => DeploymentPayload.Read(payload, repository!, settings, harvest),
            _ => PushFacts.Read(payload, repository!, payload.Text("project", "default_branch"), settings.Host, harvest),
        };
        if (missing is not null) return Translation.Malformed(@event, $"{missing} is missing or not of its documented form");
        var translation = harvest.Facts.Count == 0 && harvest.Hints.Count == 0
            ? Translation.Ignored(@event, harvest.Nothing ?? "it says nothing of a gate")
            : Translation.Of(@event, harvest.Facts);
        return translation with { Hints = [.. harvest.Hints], Diagnostics = [.. harvest.Diagnostics] };
    }

    private static string ReasonToIgnore(string kind) => kind switch
    {
        "build" => "a job is part of a pipeline, which reports itself",
        "tag_push" => "a pushed tag says nothing of a gate",
        "note" => "a comment decides nothing",
        _ => $"the event {SourceText.Quote(kind)} says nothing of a gate; it need not be subscribed to",
    };

    // X-Gitlab-Event-UUID is the same for all that one event causes, so it identifies a delivery only with its webhook and its body.
    private static string? IdOf(in WebhookDelivery delivery)
    {
        if (delivery.Header(StandardWebhooksAuthenticator.IdHeader) is { Length: > 0 and <= 200 } signed) return signed;
        if (delivery.Header("Idempotency-Key") is { Length: > 0 and <= 200 } key) return key;
        if (delivery.Header("X-Gitlab-Event-UUID") is not { Length: > 0 and <= 100 } @event) return null;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{@event}/{delivery.Header("X-Gitlab-Webhook-UUID")}/{Convert.ToHexStringLower(SHA256.HashData(delivery.Body.Span))}"));
        return $"{@event}/{Convert.ToHexStringLower(hash.AsSpan(0, 16))}";
    }
}
