using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClosedLoop.Adapters.GitHub.Explaining;

/// <summary>Tells by its members what a file holds, and turns an object of the REST API into the delivery that carries the same object. Pure.</summary>
internal static class PolledObject
{
    // How GitHub's lists are wrapped.
    private static readonly string[] Lists = ["workflow_runs", "items"];

    // A deployment's delivery also has the run that made it, and a job's the deployment that it makes.
    private static readonly string[] Wrapped = ["workflow_job", "deployment_status", "deployment", "check_run", "check_suite", "workflow_run", "merge_group"];

    /// <summary>The elements of a list, or the one object.</summary>
    public static IEnumerable<JsonElement> Elements(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array) return root.EnumerateArray();
        foreach (string list in Lists)
            if (root.Field(list).ValueKind == JsonValueKind.Array)
                return root.Items(list);
        return [root];
    }

    /// <summary>Whether it is an answer with the checks of a commit and no delivery.</summary>
    public static bool IsRollup(JsonElement root) =>
        root.Field("check_runs").ValueKind == JsonValueKind.Array ||
        (root.Field("statuses").ValueKind == JsonValueKind.Array && root.Field("total_count").ValueKind == JsonValueKind.Number) ||
        root.Field("statusCheckRollup").ValueKind is JsonValueKind.Array or JsonValueKind.Object ||
        root.Field("data").Field("node").Field("statusCheckRollup").IsObject();

    /// <summary>The event whose delivery this is, or null.</summary>
    public static string? DeliveredAs(JsonElement element, string? name)
    {
        string? found = Guess(element);
        // The name says which of two events it is whose payloads look alike; it does not make a polled object a delivery.
        return name is null || found is null ? found : name;
    }

    private static string? Guess(JsonElement element)
    {
        if (element.Text("zen") is not null && element.Field("hook_id").ValueKind == JsonValueKind.Number) return "ping";
        if (!element.Field("repository").IsObject()) return null;
        if (element.Field("review").IsObject() && element.Field("pull_request").IsObject()) return "pull_request_review";
        if (element.Field("pull_request").IsObject()) return "pull_request";
        foreach (string member in Wrapped)
            if (element.Field(member).IsObject())
                return member;
        if (element.Text("ref") is not null && element.Text("after") is not null) return "push";
        return element.Text("sha") is not null && element.Text("context") is not null ? "status" : null;
    }

    /// <summary>An object of the REST API as the delivery that carries it, or null when it is none that is known.</summary>
    public static (string Event, JsonObject Payload)? AsDelivery(JsonElement element)
    {
        if (Kind(element) is not { } kind || RepositoryOf(element) is not { } repository || JsonNode.Parse(element.GetRawText()) is not JsonObject copy) return null;
        copy.Remove("repository");
        var payload = kind == "status" ? copy : new JsonObject { [kind == "pull_request_review" ? "review" : kind] = copy };
        payload["repository"] = new JsonObject { ["full_name"] = repository };
        if (kind == "pull_request_review") payload["pull_request"] = new JsonObject { ["number"] = NumberOf(element) };
        if (kind == "status") payload["sha"] ??= ShaOf(element);
        return (kind, payload);
    }

    private static string? Kind(JsonElement element)
    {
        bool hasHead = element.Text("head_sha") is not null;
        if (element.Field("head").IsObject() && element.Field("base").IsObject() && element.Long("number") is not null) return "pull_request";
        if (element.Text("pull_request_url") is not null && element.Field("submitted_at").ValueKind == JsonValueKind.String) return "pull_request_review";
        if (hasHead && element.Long("run_number") is not null) return "workflow_run";
        if (hasHead && element.Text("name") is not null && element.Text("status") is not null) return "check_run";
        if (element.Text("sha") is not null && element.Text("environment") is not null && element.Long("id") is not null) return "deployment";
        return element.Text("context") is not null && element.Text("state") is not null && ShaOf(element) is not null ? "status" : null;
    }

    private static string? RepositoryOf(JsonElement element)
    {
        foreach (string? name in (string?[])
        [
            element.Field("base").Field("repo").Text("full_name"),
            element.Field("repository").Text("full_name"),
            FromAddress(element.Text("url")),
            FromAddress(element.Text("pull_request_url")),
        ])
            if (RepositoryName.IsValid(name))
                return name;
        return null;
    }

    // The address is only read, never followed.
    private static string? FromAddress(string? address) => Segments(address) is { } s && Array.IndexOf(s, "repos") is >= 0 and var at && at + 2 < s.Length ? $"{s[at + 1]}/{s[at + 2]}" : null;

    private static long? NumberOf(JsonElement element) =>
        Segments(element.Text("pull_request_url")) is [.., var last] && long.TryParse(last, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string? ShaOf(JsonElement element) =>
        element.Text("sha") ?? (Segments(element.Text("url")) is [.., "statuses", var sha] && KeyText.IsCommit(sha) ? sha : null);

    private static string[]? Segments(string? address) => address is { Length: <= 2000 } && Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) : null;
}
