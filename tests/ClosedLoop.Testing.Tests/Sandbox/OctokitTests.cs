using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Tests.EndToEnd;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>The webhooks that the sandbox invents are GitHub's, by GitHub's own schemas and signatures.</summary>
public sealed class OctokitTests
{
    private static readonly string[] AllKinds =
    [
        "ping", "pull_request closed", "pull_request opened", "pull_request ready_for_review", "pull_request_review submitted", "push",
    ];

    [Fact]
    public async Task Every_webhook_of_GitHub_that_a_world_sends_is_valid_by_GitHubs_schema()
    {
        var sent = new List<WebhookMessage>();
        foreach (int seed in (int[])[1, 2, 3, 4]) sent.AddRange(await PlayAsync(seed));

        Assert.Equal(AllKinds, sent.Select(Kind).Distinct().Order(StringComparer.Ordinal));
        // Squashed, merged, reverted, pushed over, and closed without a merge.
        Assert.Contains(sent, static w => w.Event == "push" && Json(w)["forced"]!.GetValue<bool>());
        Assert.Contains(sent, static w => w.Event == "push" && Json(w)["commits"]!.AsArray().Count == 2);
        Assert.Contains(sent, static w => Kind(w) == "pull_request closed" && !Json(w)["pull_request"]!["merged"]!.GetValue<bool>());
        var problems = await Octokit.ValidateAsync(sent.Select(static w => Of(w)));
        for (int i = 0; i < sent.Count; i++) Assert.True(problems[i].Count == 0, $"{Kind(sent[i])}: {string.Join('\n', problems[i].Take(40))}");
    }

    [Fact]
    public async Task A_webhook_without_a_field_or_with_another_type_or_a_header_missing_is_refused_by_the_same_check()
    {
        var sent = (await PlayAsync(1)).DistinctBy(Kind).ToList();
        var broken = new List<(string Event, IEnumerable<string> Headers, byte[] Body)>();
        foreach (var webhook in sent)
        {
            broken.Add(Of(webhook, static json => (json["hook"]?.AsObject() ?? json["review"]?.AsObject() ?? json["pull_request"]?.AsObject() ?? json["head_commit"]!.AsObject()).Remove("id")));
            broken.Add(Of(webhook, static json =>
            {
                if (json["pull_request"] is JsonObject pull) pull["number"] = "12";
                else if (json.ContainsKey("ref")) json["forced"] = "no";
                else json["hook"]!["active"] = "yes";
            }));
            broken.Add((webhook.Event, webhook.Headers.Select(static h => h.Name).Where(static n => n != "X-GitHub-Delivery"), webhook.Body));
        }
        broken.Add(("no_such_event", [], "{}"u8.ToArray()));

        Assert.All(await Octokit.ValidateAsync(broken), static problems => Assert.NotEmpty(problems));
    }

    [Fact]
    public async Task What_octokit_signs_is_taken_by_the_receiver_and_one_flipped_byte_by_neither()
    {
        using var database = TempDatabase.Create();
        await using var host = await StackHost.StartAsync(database.Path);
        string[] bodies = [.. Bodies()];
        var signatures = await Octokit.SignAsync(bodies.Select(static b => (StackHost.Secret, b)));

        for (int i = 0; i < bodies.Length; i++)
        {
            byte[] body = Encoding.UTF8.GetBytes(bodies[i]);
            var taken = await host.GitHubAsync("ping", body, $"signed-{i}", signatures[i]);
            Assert.True(taken.Status is >= 200 and < 300, $"{i}: {taken}");
            (await host.GitHubAsync("ping", Flip(body, i * 7919), $"flipped-{i}", signatures[i])).IsProblem(401, "bad-signature");
        }
        // An ASCII letter that is another one: still text, as octokit wants it.
        var changed = await Octokit.VerifyAsync(bodies.Select((b, i) => (StackHost.Secret, b[..^1] + (b[^1] == '}' ? ']' : '}'), signatures[i])));
        Assert.All(changed, Assert.False);
    }

    [Fact]
    public async Task With_any_secret_octokit_and_the_adapter_take_each_others_signatures()
    {
        var random = new Random(20);
        var cases = Bodies().SelectMany(b => Enumerable.Range(0, 8), (body, _) => (Secret: Secret(random), Body: body)).ToList();
        var signatures = await Octokit.SignAsync(cases);
        var own = cases.Select(static c => WebhookSignature.Sha256(c.Secret, Encoding.UTF8.GetBytes(c.Body))).ToList();

        Assert.Equal(own, signatures);
        Assert.All(await Octokit.VerifyAsync(cases.Select((c, i) => (c.Secret, c.Body, own[i]))), Assert.True);
        Assert.All(await Octokit.VerifyAsync(cases.Select((c, i) => (c.Secret + "x", c.Body, own[i]))), Assert.False);
        for (int i = 0; i < cases.Count; i++)
        {
            var authenticator = Authenticator(cases[i].Secret);
            byte[] body = Encoding.UTF8.GetBytes(cases[i].Body);
            Assert.True(authenticator.IsAuthentic(Delivery(body, signatures[i])), $"{i}");
            Assert.False(authenticator.IsAuthentic(Delivery(Flip(body, random.Next(body.Length)), signatures[i])), $"{i}");
        }
    }

    [Fact]
    public async Task Octokit_verifies_every_webhook_that_the_sandbox_signs()
    {
        var options = Options(5);
        var sent = await PlayAsync(5);
        string secret = SandboxSecrets.FromSeed(options.Seed).GitHubWebhookSecret;

        var verified = await Octokit.VerifyAsync(sent.Select(w => (secret, Encoding.UTF8.GetString(w.Body), w.Headers.Single(static h => h.Name == "X-Hub-Signature-256").Value)));

        Assert.All(verified, Assert.True);
        var flipped = await Octokit.VerifyAsync(sent.Select(w => (secret, Encoding.UTF8.GetString(w.Body) + " ", w.Headers.Single(static h => h.Name == "X-Hub-Signature-256").Value)));
        Assert.All(flipped, Assert.False);
    }

    private static SandboxOptions Options(int seed) => new()
    {
        Seed = seed,
        GenerateFor = TimeSpan.FromSeconds(14),
        ItemsPerSecond = 2,
        RollbackEvery = TimeSpan.FromSeconds(20),
        RevertEvery = TimeSpan.FromSeconds(6),
        ForcePushEvery = TimeSpan.FromSeconds(6),
        BreakRate = 0.08,
    };

    private static async Task<List<WebhookMessage>> PlayAsync(int seed)
    {
        var sent = new List<WebhookMessage>();
        var world = new DrivenWorld(Options(seed), w => { if (w.Target == WebhookTarget.GitHub) sent.Add(w); });
        world.World.Greet();
        await world.PlayAsync();
        return sent;
    }

    private static IEnumerable<string> Bodies()
    {
        yield return "{}";
        yield return """{"zen":"Grüße, 世界, 🚀 \ud83d\ude00"}""";
        yield return "{\n  \"a\" : [ 1,\t2 ]\r\n}\n";
        yield return $$"""{"large":"{{new string('é', 200_000)}}"}""";
        var random = new Random(7);
        for (int i = 0; i < 12; i++)
        {
            var text = new StringBuilder();
            for (int n = random.Next(1, 300); n > 0; n--) text.Append(Letter(random));
            yield return new JsonObject { ["text"] = text.ToString(), ["n"] = random.Next() }.ToJsonString(i % 2 == 0 ? null : new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        }
    }

    private static string Letter(Random random) => random.Next(4) switch
    {
        0 => ((char)random.Next('!', '~')).ToString(),
        1 => ((char)random.Next(0xA1, 0x17F)).ToString(),
        2 => ((char)random.Next(0x4E00, 0x9FFF)).ToString(),
        _ => char.ConvertFromUtf32(random.Next(0x1F300, 0x1F64F)),
    };

    private static string Secret(Random random) => string.Concat(Enumerable.Range(0, random.Next(16, 80)).Select(_ => random.Next(10) == 0 ? "🔑" : ((char)random.Next('!', '~')).ToString()));

    private static IWebhookAuthenticator Authenticator(string secret)
    {
        var options = new GitHubOptions { WebhookSecret = secret, AllowAnyRepository = true };
        using var http = new HttpClient();
        return GitHubAdapter.Create(options, http, new ManualTimeProvider()).Authenticator!;
    }

    private static WebhookDelivery Delivery(byte[] body, string signature) => new()
    {
        Source = GitHubAdapter.Name,
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Hub-Signature-256"] = signature },
        Body = body,
        ReceivedAt = DateTimeOffset.UnixEpoch,
    };

    private static byte[] Flip(byte[] body, int at)
    {
        byte[] changed = [.. body];
        changed[at % changed.Length] ^= 1;
        return changed;
    }

    private static JsonObject Json(WebhookMessage webhook) => JsonNode.Parse(webhook.Body)!.AsObject();

    private static string Kind(WebhookMessage webhook) => Json(webhook)["action"] is { } action ? $"{webhook.Event} {action.GetValue<string>()}" : webhook.Event;

    private static (string Event, IEnumerable<string> Headers, byte[] Body) Of(WebhookMessage webhook, Action<JsonObject>? change = null)
    {
        var json = Json(webhook);
        change?.Invoke(json);
        return (webhook.Event, webhook.Headers.Select(static h => h.Name), WebhookSignature.Bytes(json));
    }
}
