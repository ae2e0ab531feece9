using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Tests;

/// <summary>Events as producers of the documented versions write them, and deliveries of them.</summary>
internal static class Given
{
    public const string Secret = "canary-0123456789abcdef0123456789";
    public const string Repository = "acme/web";
    public const string Producer = "https://tekton.acme.example/ci";
    public const string Host = "https://git.acme.example";
    public const string Cluster = "/clusters/eu";

    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static string Sha(char c) => new(c, 40);

    public static string Digest(char c) => "sha256:" + new string(c, 64);

    public static string Purl(char c) => $"pkg:oci/web@sha256%3A{new string(c, 64)}?repository_url=registry.acme.example/web";

    public static DateTimeOffset At(double minute) => Start + TimeSpan.FromMinutes(minute);

    public static CDEventsOptions Options(Action<CDEventsOptions>? change = null)
    {
        var options = new CDEventsOptions { Secret = Secret };
        options.Sources.Add(Source(Host, "git", WriterRoles.SourceControl));
        options.Sources.Add(Source(Producer, "tekton", WriterRoles.Ci, WriterRoles.Registry));
        options.Sources.Add(Source(Cluster + "*", "cluster", WriterRoles.Deployer, WriterRoles.Health));
        options.Sources[1].Checks.Add("build");
        change?.Invoke(options);
        return options;
    }

    public static CDEventsSource Source(string source, string name, params string[] roles)
    {
        var given = new CDEventsSource { Source = source, Name = name };
        foreach (string role in roles) given.Roles.Add(role);
        given.Repositories.Add(Repository);
        return given;
    }

    public static JsonObject Event(string type, string source, string subject, JsonObject? content = null, double minute = 0, JsonObject? custom = null, bool old = false, string? id = null, string? chain = null)
    {
        string name = type.Split('.')[0];
        var context = new JsonObject
        {
            [old ? "version" : "specversion"] = old ? "0.4.1" : "0.5.1",
            ["id"] = id ?? $"{type}/{subject}/{minute}",
            ["source"] = source,
            ["type"] = $"dev.cdevents.{type}.0.{(old ? 2 : 3)}.0",
            ["timestamp"] = At(minute).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        };
        if (chain is not null) context["chainId"] = chain;
        var about = new JsonObject { ["id"] = subject, ["source"] = source, ["content"] = content ?? [] };
        if (old) about["type"] = name;
        var result = new JsonObject { ["context"] = context, ["subject"] = about };
        if (custom is not null)
        {
            result["customData"] = custom;
            result["customDataContentType"] = "application/json";
        }
        return result;
    }

    public static JsonObject Commit(char c) => new() { ["commit"] = Sha(c) };

    public static JsonObject Change(string predicate, int number, double minute, JsonObject? custom = null, bool old = false) =>
        Event($"change.{predicate}", Host, $"{number}", new JsonObject { ["repository"] = new JsonObject { ["id"] = Repository } }, minute, custom, old);

    public static JsonObject Run(string predicate, string id, double minute, string? outcome = null, JsonObject? custom = null, string pipeline = "build", bool old = false)
    {
        var content = new JsonObject { ["pipelineName"] = pipeline, [old ? "url" : "uri"] = "https://tekton.acme.example/runs/" + id };
        if (outcome is not null) content["outcome"] = outcome;
        return Event($"pipelinerun.{predicate}", Producer, id, content, minute, custom, old);
    }

    public static JsonObject Published(char image, double minute, JsonObject? custom = null) => Event("artifact.published", Producer, Purl(image), [], minute, custom);

    public static JsonObject Packaged(char image, char commit, double minute) =>
        Event("artifact.packaged", Producer, Purl(image), new JsonObject { ["change"] = new JsonObject { ["id"] = Sha(commit), ["source"] = "my-git.example/acme/web" } }, minute);

    public static JsonObject Service(string predicate, char? image, double minute, string environment = "production")
    {
        var content = new JsonObject { ["environment"] = new JsonObject { ["id"] = environment } };
        if (image is { } c) content["artifactId"] = Purl(c);
        return Event($"service.{predicate}", Cluster + "/web", "web", content, minute);
    }

    public static JsonObject Incident(string predicate, char image, double minute) => Event($"incident.{predicate}", Cluster + "/monitor", "incident-7", new JsonObject
    {
        ["description"] = "slow answers",
        ["environment"] = new JsonObject { ["id"] = "production" },
        ["service"] = new JsonObject { ["id"] = "web" },
        ["artifactId"] = Purl(image),
    }, minute);

    public static JsonObject Structured(JsonObject inner) => new()
    {
        ["specversion"] = "1.0",
        ["id"] = inner["context"]!["id"]!.DeepClone(),
        ["source"] = inner["context"]!["source"]!.DeepClone(),
        ["type"] = inner["context"]!["type"]!.DeepClone(),
        ["subject"] = inner["subject"]!["id"]!.DeepClone(),
        ["time"] = inner["context"]!["timestamp"]!.DeepClone(),
        ["datacontenttype"] = "application/json",
        ["data"] = inner.DeepClone(),
    };

    public static WebhookDelivery Delivery(JsonNode body, params (string Name, string Value)[] headers) => Delivery(Encoding.UTF8.GetBytes(body.ToJsonString()), headers);

    public static WebhookDelivery Delivery(byte[] body, params (string Name, string Value)[] headers)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-ClosedLoop-Token"] = Secret };
        foreach (var (name, value) in headers) all[name] = value;
        return new WebhookDelivery { Source = CDEventsAdapter.Name, Headers = all, Body = body, ReceivedAt = At(600) };
    }

    public static string Signature(byte[] body, string secret = Secret) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public static Translation Translate(JsonNode body, Action<CDEventsOptions>? change = null) => CDEventsAdapter.Create(Options(change)).Translator!.Translate(Delivery(body));

    public static Fact Gate(this Translation translation, string gate)
    {
        Assert.True(translation.Outcome == TranslationOutcome.Facts, $"{translation.Outcome}: {translation.Detail}");
        return Assert.Single(translation.Facts, f => f.Kind == gate);
    }
}
