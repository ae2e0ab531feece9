using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Webhooks;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.Gitea.Webhooks;

/// <summary>Turns Gitea's and Forgejo's deliveries into facts. Pure and safe from several threads.</summary>
internal sealed class GiteaTranslator(GiteaSettings settings) : IWebhookTranslator
{
    public Translation Translate(in WebhookDelivery delivery)
    {
        string? name = Header(delivery, "Event") ?? delivery.Header("X-Gogs-Event");
        string? id = Header(delivery, "Delivery") ?? delivery.Header("X-Gogs-Delivery");
        if (id is not { Length: > 0 and <= 200 }) id = null;
        if (string.IsNullOrEmpty(name)) return Translation.Malformed("unknown", "the header X-Gitea-Event (or X-Forgejo-Event) is missing; deliveries of GitHub go to that adapter's address") with { DeliveryId = id };
        ReadOnlyMemory<byte>? body = delivery.Header("Content-Type") is { } type && type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ? FormBody.Payload(delivery.Body.Span) : delivery.Body;
        return (body is { } json ? Translate(json, name) : Translation.Malformed(name, "the form has no field named payload")) with { DeliveryId = id };
    }

    public Translation Translate(ReadOnlyMemory<byte> body, string name)
    {
        string @event = name.Length <= 64 ? name : "unknown";
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
        var reader = ReaderOf(@event);
        if (reader is null) return Translation.Ignored(@event, $"the event {SourceText.Quote(@event)} says nothing of a gate; it need not be subscribed to");
        string name = payload.Text("action") is { Length: > 0 and <= 32 } action ? $"{@event}.{action}" : @event;
        string? repository = payload.Text("repository", "full_name") ?? payload.Text("repo", "full_name");
        if (!RepositoryPath.IsValid(repository, 2, 2)) return Translation.Malformed(name, "repository.full_name is missing or not owner/name");
        if (!settings.Host.Watches(repository!)) return Translation.Ignored(name, $"the repository {repository} is not in Gitea:Repositories");
        var harvest = new Harvest();
        if (reader(payload, repository!, settings, harvest) is { } missing) return Translation.Malformed(name, $"{missing} is missing or not of its documented form");
        var translation = harvest.Facts.Count == 0 && harvest.Hints.Count == 0
            ? Translation.Ignored(name, harvest.Nothing ?? "it says nothing of a gate")
            : Translation.Of(name, harvest.Facts);
        return translation with { Hints = [.. harvest.Hints], Diagnostics = [.. harvest.Diagnostics] };
    }

    private delegate string? Reader(JsonElement payload, string repository, GiteaSettings settings, Harvest harvest);

    // The coarse name and the fine one, since either may be what a caller has.
    private static Reader? ReaderOf(string name) => name switch
    {
        "pull_request" or "pull_request_sync" or "pull_request_label" or "pull_request_assign" or "pull_request_milestone" or "pull_request_review_request" => PullRequestPayload.Read,
        "pull_request_approved" or "pull_request_rejected" or "pull_request_comment" or "pull_request_review_approved" or "pull_request_review_rejected" or "pull_request_review_comment" => PullRequestPayload.ReadReview,
        "push" => static (payload, repository, settings, harvest) => PushFacts.Read(payload, repository, payload.Text("repository", "default_branch"), settings.Host, harvest),
        "status" => CiPayload.ReadStatus,
        "workflow_run" => CiPayload.ReadWorkflowRun,
        _ => null,
    };

    // Both send copies of GitHub's and Gogs's headers too.
    private static string? Header(in WebhookDelivery delivery, string name) => delivery.Header($"X-Forgejo-{name}") ?? delivery.Header($"X-Gitea-{name}");
}
