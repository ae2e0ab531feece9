using System.Buffers;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;

namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>Turns GitHub's deliveries into facts. Pure and safe from several threads.</summary>
internal sealed class GitHubWebhookTranslator(GitHubSettings settings) : IWebhookTranslator
{
    private delegate string? Reader(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest);

    public Translation Translate(in WebhookDelivery delivery)
    {
        string name = delivery.Header("X-GitHub-Event") ?? "";
        string? id = delivery.Header("X-GitHub-Delivery");
        // Gitea and Forgejo send copies of GitHub's headers with payloads that only look alike.
        if (delivery.Header("X-Gitea-Event") is not null || delivery.Header("X-Forgejo-Event") is not null)
            return Translation.Ignored(name, "sent by Gitea or Forgejo, not by GitHub; register that adapter and use its address") with { DeliveryId = id };
        if (name.Length == 0) return Translation.Malformed("unknown", "the header X-GitHub-Event is missing") with { DeliveryId = id };
        return TranslateBody(name, delivery) with { DeliveryId = id };
    }

    /// <summary>Whether deliveries of an event can say something here.</summary>
    public static bool Reads(string name) => ReaderOf(name) is not null;

    private Translation TranslateBody(string name, in WebhookDelivery delivery)
    {
        var reader = ReaderOf(name);
        if (reader is null) return Translation.Ignored(name, ReasonToIgnore(name));
        string @event = name;
        try
        {
            using var document = Parse(delivery);
            var payload = document.RootElement;
            if (!payload.IsObject()) return Translation.Malformed(name, "the payload is not a JSON object");
            if (payload.Text("action") is { Length: <= 64 } action) @event = $"{name}.{action}";
            string? repository = NameOf(payload.Field("repository"));
            if (!RepositoryName.IsValid(repository)) return Translation.Malformed(@event, "repository.full_name is missing or not owner/name");
            if (!settings.Watches(repository!)) return Translation.Ignored(@event, $"the repository {repository} is not in GitHub:Repositories");

            var harvest = new Harvest();
            if (reader(payload, repository!, settings, harvest) is { } missing) return Translation.Malformed(@event, $"{missing} is missing or not of its documented form");
            var translation = harvest.Facts.Count == 0 && harvest.Hints.Count == 0
                ? Translation.Ignored(@event, harvest.Nothing ?? "it says nothing of a gate")
                : Translation.Of(@event, harvest.Facts);
            return translation with { Hints = [.. harvest.Hints], Diagnostics = [.. harvest.Diagnostics] };
        }
        catch (JsonException error)
        {
            return Translation.Malformed(@event, $"the body is not valid JSON: {error.Message}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException)
        {
            // Text that JSON allows and no string or key can hold, such as half of a surrogate pair.
            return Translation.Malformed(@event, $"a value cannot be read: {error.Message}");
        }
    }

    // Some published examples of merge_group leave the full name out.
    private static string? NameOf(JsonElement repository) =>
        repository.Text("full_name") ?? (repository.Field("owner").Text("login") is { } owner && repository.Text("name") is { } name ? $"{owner}/{name}" : null);

    private static Reader? ReaderOf(string name) => name switch
    {
        "pull_request" => PullRequestPayload.Read,
        "pull_request_review" => PullRequestPayload.ReadReview,
        "push" => PushPayload.Read,
        "check_run" => ChecksPayload.ReadRun,
        "check_suite" => ChecksPayload.ReadSuite,
        "status" => ChecksPayload.ReadStatus,
        "workflow_run" => WorkflowRunPayload.Read,
        "deployment" => DeploymentPayload.Read,
        "deployment_status" => DeploymentPayload.ReadStatus,
        "merge_group" => MergeGroupPayload.Read,
        _ => null,
    };

    private static string ReasonToIgnore(string name) => name switch
    {
        "ping" => "the hook is set up",
        _ => $"the event {name} says nothing of a gate; it need not be subscribed to",
    };

    private static JsonDocument Parse(in WebhookDelivery delivery)
    {
        string? type = delivery.Header("Content-Type");
        if (type is null || !type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)) return JsonDocument.Parse(delivery.Body);
        return JsonDocument.Parse(FormBody.Payload(delivery.Body.Span) ?? throw new JsonException("the form has no field named payload"));
    }
}
