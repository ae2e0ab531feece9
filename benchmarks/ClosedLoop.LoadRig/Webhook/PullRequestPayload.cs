using System.Text.Json;

namespace ClosedLoop.LoadRig.Webhook;

/// <summary><c>pull_request</c> and <c>pull_request_review</c> deliveries of the shape and size that GitHub sends.</summary>
internal sealed record PullRequestPayload(int Number, string Item, string Sha, DateTimeOffset OpenedAt)
{
    private const string Description = "Makes the login page ask once.\n\n- keeps the session\n- adds a test\n\nWork-Item: ";

    /// <summary>Each adds about 1 KB.</summary>
    public int Reviewers { get; init; }

    private string Address => $"{PayloadParts.Api}repos/acme/web/pulls/{Number}";

    private string Page => $"{PayloadParts.Page}/pull/{Number}";

    public byte[] Opened() => Delivery("opened", mergedAt: null);

    public byte[] Merged(DateTimeOffset at) => Delivery("closed", at);

    public byte[] Approved(DateTimeOffset at) => PayloadParts.Delivery("submitted", json =>
    {
        json.WriteStartObject("review");
        PayloadParts.WriteIds(json, 9_000 + Number, Address + "/reviews", Page + "#pullrequestreview");
        PayloadParts.WriteUser(json, "user", "bob");
        json.WriteString("body", "Reads well.");
        json.WriteString("commit_id", Sha);
        json.WriteString("submitted_at", PayloadParts.Instant(at));
        json.WriteString("state", "approved");
        json.WriteString("pull_request_url", Address);
        json.WriteString("author_association", "MEMBER");
        json.WriteEndObject();
        WritePull(json, mergedAt: null, at);
    });

    private byte[] Delivery(string action, DateTimeOffset? mergedAt) => PayloadParts.Delivery(action, json =>
    {
        json.WriteNumber("number", Number);
        WritePull(json, mergedAt, mergedAt ?? OpenedAt);
    });

    private void WritePull(Utf8JsonWriter json, DateTimeOffset? mergedAt, DateTimeOffset updatedAt)
    {
        json.WriteStartObject("pull_request");
        PayloadParts.WriteIds(json, 4230 + Number, Address, Page);
        json.WriteNumber("number", Number);
        json.WriteString("state", mergedAt is null ? "open" : "closed");
        json.WriteBoolean("locked", false);
        json.WriteString("title", "Ask once for the password");
        PayloadParts.WriteUser(json, "user", "ann");
        json.WriteString("body", $"{Description}{Item}\n");
        json.WriteString("created_at", PayloadParts.Instant(OpenedAt));
        json.WriteString("updated_at", PayloadParts.Instant(updatedAt));
        WriteInstant(json, "closed_at", mergedAt);
        WriteInstant(json, "merged_at", mergedAt);
        json.WriteString("merge_commit_sha", Sha);
        json.WriteStartArray("labels");
        foreach (string label in new[] { "bug", "login" })
        {
            json.WriteStartObject();
            PayloadParts.WriteIds(json, 7, PayloadParts.Api + "repos/acme/web/labels/" + label, null);
            json.WriteString("name", label);
            json.WriteString("color", "d73a4a");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (Reviewers > 0)
        {
            json.WriteStartArray("requested_reviewers");
            for (int i = 0; i < Reviewers; i++) PayloadParts.WriteUser(json, null, $"reviewer{i}");
            json.WriteEndArray();
        }
        json.WriteBoolean("draft", false);
        WriteEnd(json, "head", $"{Item.ToLowerInvariant()}-login");
        WriteEnd(json, "base", "main");
        json.WriteBoolean("merged", mergedAt is not null);
        if (mergedAt is null) json.WriteNull("merged_by");
        else PayloadParts.WriteUser(json, "merged_by", "bob");
        foreach (string count in new[] { "comments", "review_comments", "commits", "additions", "deletions", "changed_files" }) json.WriteNumber(count, 3);
        json.WriteEndObject();
    }

    private static void WriteInstant(Utf8JsonWriter json, string name, DateTimeOffset? at)
    {
        if (at is { } instant) json.WriteString(name, PayloadParts.Instant(instant));
        else json.WriteNull(name);
    }

    private void WriteEnd(Utf8JsonWriter json, string name, string branch)
    {
        json.WriteStartObject(name);
        json.WriteString("label", "acme:" + branch);
        json.WriteString("ref", branch);
        json.WriteString("sha", Sha);
        PayloadParts.WriteUser(json, "user", "acme");
        json.WriteStartObject("repo");
        PayloadParts.WriteRepository(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
