using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Adapters.GitLab.Webhooks;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Tests;

/// <summary>Options and deliveries of the tests.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static GitLabOptions Options(Action<GitLabOptions>? change = null)
    {
        var options = new GitLabOptions { WebhookToken = FakeGitLab.WebhookToken };
        options.Projects.Add(FakeGitLab.Project);
        change?.Invoke(options);
        return options;
    }

    public static GitLabTranslator Translator(Action<GitLabOptions>? change = null) => new(GitLabSettings.From(Options(change)));

    public static Translation Translate(JsonNode payload, Action<GitLabOptions>? change = null) => Translator(change).Translate(Delivery(payload));

    public static WebhookDelivery Delivery(JsonNode payload, params (string Name, string Value)[] headers) => Delivery(Encoding.UTF8.GetBytes(payload.ToJsonString()), headers);

    public static WebhookDelivery Delivery(byte[] body, params (string Name, string Value)[] headers)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Gitlab-Event"] = "Some Hook", ["X-Gitlab-Token"] = FakeGitLab.WebhookToken };
        foreach (var (name, value) in headers) all[name] = value;
        return new WebhookDelivery { Source = GitLabAdapter.Name, ReceivedAt = Start, Body = body, Headers = all };
    }

    public static Fact Only(this Translation translation, string kind) => Assert.Single(translation.Facts, f => f.Kind == kind);

    public static JsonObject With(this JsonObject payload, Action<JsonObject> change)
    {
        change(payload);
        return payload;
    }

    public static JsonObject Attributes(this JsonObject payload) => (JsonObject)payload["object_attributes"]!;

    public static void RemoveAll(this JsonArray array, Predicate<JsonNode?> which)
    {
        for (int i = array.Count - 1; i >= 0; i--)
            if (which(array[i]))
                array.RemoveAt(i);
    }

    /// <summary>What stands in each register after these facts, in any order.</summary>
    public static SortedDictionary<string, Fact> Registers(IEnumerable<Fact> facts)
    {
        var registers = new SortedDictionary<string, Fact>(StringComparer.Ordinal);
        foreach (var fact in facts)
        {
            string register = $"{fact.Subject} {fact.Kind} {fact.Writer}";
            registers[register] = registers.TryGetValue(register, out var known) ? FactJoin.Join(known, fact) : fact;
        }
        return registers;
    }
}
