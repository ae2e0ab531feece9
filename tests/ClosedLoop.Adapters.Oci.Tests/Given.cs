using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci.Tests;

/// <summary>The world that the tests share: a registry with the image repository acme/web, built from the git repository acme/shop.</summary>
internal static class Given
{
    public const string Secret = "0123456789abcdef0123456789abcdef";
    public const string ImageRepository = "acme/web";
    public const string GitRepository = "acme/shop";
    public const string Source = "https://git.acme.example/acme/shop";

    public static readonly DateTimeOffset Built = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Now = Built + TimeSpan.FromHours(1);

    public static string Sha(char c) => new(c, 40);

    public static string Digest(char c) => "sha256:" + new string(c, 64);

    public static OciOptions Options(Action<OciOptions>? change = null)
    {
        var options = new OciOptions { Address = new Uri("https://registry.acme.example/"), WebhookSecret = Secret };
        options.Repositories.Add(new OciRepository { Name = ImageRepository, GitRepository = GitRepository });
        change?.Invoke(options);
        return options;
    }

    public static AdapterRegistration Adapter(Action<OciOptions>? change = null) => OciAdapter.Create(Options(change), new HttpClient(), TimeProvider.System);

    public static WebhookDelivery Delivery(JsonNode body, params (string Name, string Value)[] headers) => Delivery(body.ToJsonString(), headers);

    public static WebhookDelivery Delivery(string body, params (string Name, string Value)[] headers) => Delivery(Encoding.UTF8.GetBytes(body), headers);

    public static WebhookDelivery Delivery(byte[] body, params (string Name, string Value)[] headers) => new()
    {
        Source = OciAdapter.Name,
        Headers = headers.ToDictionary(static h => h.Name, static h => h.Value, StringComparer.OrdinalIgnoreCase),
        Body = body,
        ReceivedAt = Now,
    };

    public static JsonObject Notification(params JsonObject[] events) => new() { ["events"] = new JsonArray(events) };

    public static JsonObject Push(string digest, string? tag = "v1", string type = FakeRegistry.Image, string repository = ImageRepository, string action = "push", string id = "6a1f0f3c", JsonArray? references = null)
    {
        var target = new JsonObject { ["mediaType"] = type, ["size"] = 400, ["length"] = 400, ["digest"] = digest, ["repository"] = repository, ["url"] = "http://evil.example/v2/x" };
        if (tag is not null) target["tag"] = tag;
        if (references is not null) target["references"] = references;
        return new JsonObject
        {
            ["id"] = id,
            ["timestamp"] = "2026-03-02T09:00:01.297010138Z",
            ["action"] = action,
            ["target"] = target,
            ["request"] = new JsonObject { ["id"] = "r", ["method"] = "PUT", ["useragent"] = "skopeo/1.9.3" },
            ["actor"] = new JsonObject(),
            ["source"] = new JsonObject { ["addr"] = "registry:5000", ["instanceID"] = "i" },
        };
    }

    public static JsonObject Harbor(string digest, string tag = "v1", string type = "PUSH_ARTIFACT") => new()
    {
        ["type"] = type,
        ["occur_at"] = 1772442001,
        ["operator"] = "ci",
        ["event_data"] = HarborData(digest, tag),
    };

    public static JsonObject HarborData(string digest, string tag) => new()
    {
        ["resources"] = new JsonArray(new JsonObject { ["digest"] = digest, ["tag"] = tag, ["resource_url"] = "registry.acme.example/acme/web:" + tag }),
        ["repository"] = new JsonObject { ["name"] = "web", ["namespace"] = "acme", ["repo_full_name"] = ImageRepository, ["repo_type"] = "private" },
    };

    public static JsonObject Ghcr(string digest, string tag = "v1", string member = "package", string packageType = "CONTAINER") => new()
    {
        ["action"] = "published",
        [member] = new JsonObject
        {
            ["name"] = "web",
            ["namespace"] = "acme",
            ["ecosystem"] = packageType,
            ["package_type"] = packageType,
            ["updated_at"] = "2026-03-02T09:00:01Z",
            ["package_version"] = new JsonObject
            {
                ["version"] = digest,
                ["name"] = digest,
                ["target_oid"] = Sha('e'),
                ["created_at"] = "0001-01-01T00:00:00Z",
                ["updated_at"] = "0001-01-01T00:00:00Z",
                ["container_metadata"] = new JsonObject
                {
                    ["tag"] = new JsonObject { ["name"] = tag, ["digest"] = digest },
                    ["manifest"] = new JsonObject { ["digest"] = digest, ["media_type"] = FakeRegistry.Image },
                },
                ["package_url"] = $"ghcr.io/acme/web:{tag}",
            },
        },
    };

    public static ProbeBatch Sweep(DateTimeOffset? at = null, params Key[] keys) => new() { Source = OciAdapter.Name, SweepSince = (at ?? Now) - TimeSpan.FromHours(2), At = at ?? Now, Keys = [.. keys] };

    public static ProbeBatch Look(params Key[] keys) => new() { Source = OciAdapter.Name, At = Now, Keys = [.. keys] };

    public static async Task<ProbeResult> SweepAsync(this AdapterRegistration adapter, DateTimeOffset? at = null) => await adapter.Probe!.ProbeAsync(Sweep(at), CancellationToken.None);

    public static Fact Of(this ProbeResult result, string digest) => Assert.Single(result.Facts, f => f.Subject == Key.Image(digest));

    /// <summary>The commits that a digest leads to through the links of the facts.</summary>
    public static IReadOnlyList<Key> CommitsOf(this IEnumerable<Fact> facts, string digest)
    {
        var byKey = facts.ToLookup(static f => f.Subject);
        var seen = new HashSet<Key>();
        var commits = new SortedSet<Key>();
        Climb(Key.Image(digest));
        return [.. commits];

        void Climb(Key key)
        {
            if (!seen.Add(key)) return;
            if (key.Is(KeySchemes.Commit)) commits.Add(key);
            foreach (var link in byKey[key].SelectMany(static f => f.Links)) Climb(link);
        }
    }

    public static Key Commit(char c) => Key.Commit(GitRepository, Sha(c));
}
