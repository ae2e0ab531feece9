using System.Text;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Webhooks;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Every payload that GitHub's own SDK publishes as an example (npm <c>@octokit/webhooks-examples</c>), installed by test.sh.</summary>
public sealed class OctokitExamplesTests
{
    private const string Variable = "OCTOKIT_WEBHOOKS_EXAMPLES";

    [Fact]
    public void Every_published_example_is_authenticated_and_understood_or_ignored_with_a_reason()
    {
        var translator = Hook.Translator(static o =>
        {
            o.AllowAnyRepository = true;
            // None of the published runs is for a push.
            o.WorkflowEvents.Add("pull_request");
            o.WorkflowEvents.Add("workflow_dispatch");
        });
        var authenticator = new GitHubWebhookAuthenticator(Hook.Secret, null);
        var outcomes = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        int examples = 0;
        foreach (var (name, body) in Examples())
        {
            examples++;
            var delivery = Hook.Delivery(name, body);
            Assert.True(authenticator.IsAuthentic(delivery), name);
            var translation = translator.Translate(delivery);
            Assert.True(translation.Outcome != TranslationOutcome.Malformed, $"{translation.Event}: {translation.Detail}");
            Assert.Equal("72d3162e-cc78-11e3-81ab-4c9367dc0958", translation.DeliveryId);
            if (translation.Outcome == TranslationOutcome.Ignored) Assert.False(string.IsNullOrEmpty(translation.Detail));
            if (!outcomes.TryGetValue(name, out var seen)) outcomes[name] = seen = new(StringComparer.Ordinal);
            seen.Add(translation.Outcome.ToString());
            Assert.Equal(translation.Facts.ToArray(), translator.Translate(Hook.Delivery(name, body)).Facts.ToArray());
        }
        Assert.True(examples > 150, $"only {examples} examples");
        // Every published review is by the pull request's own author, so none of them counts.
        foreach (string name in (string[])["pull_request", "push", "check_run", "check_suite", "status", "workflow_run", "deployment", "deployment_status", "merge_group"])
            Assert.True(outcomes[name].Contains("Facts"), $"no example of {name} gave a fact or a hint");
        foreach (string name in (string[])["ping", "issues", "star", "pull_request_review"])
            Assert.Equal(["Ignored"], outcomes[name]);
    }

    [Fact]
    public void Every_published_example_is_explained_as_it_is_translated_and_those_that_are_read_without_their_name_too()
    {
        var translator = Hook.Translator(static o => o.AllowAnyRepository = true);
        int unnamed = 0;
        foreach (var (name, body) in Examples())
        {
            var expected = translator.Translate(Hook.Delivery(name, body));
            var explained = GitHubAdapter.Explain(body, name);
            Assert.Equal(expected.Facts.ToArray(), explained.Facts.ToArray());
            if (expected.Outcome == TranslationOutcome.Ignored) Assert.NotEmpty(explained.Ignored);
            var guessed = GitHubAdapter.Explain(body, null);
            if (!GitHubWebhookTranslator.Reads(name)) continue;
            unnamed++;
            Assert.True(expected.Facts.SequenceEqual(guessed.Facts), $"{name}: {string.Join("; ", guessed.Ignored)}");
        }
        Assert.True(unnamed > 30, $"only {unnamed} examples");
    }

    [Fact]
    public void One_flipped_bit_in_any_published_example_fails_authentication()
    {
        var authenticator = new GitHubWebhookAuthenticator(Hook.Secret, null);
        int position = 0;
        foreach (var (name, body) in Examples())
        {
            var genuine = Hook.Delivery(name, body);
            byte[] changed = [.. body];
            changed[position++ * 7919 % changed.Length] ^= 1;
            Assert.False(authenticator.IsAuthentic(genuine with { Body = changed }), name);
        }
    }

    private static IEnumerable<(string Name, byte[] Body)> Examples()
    {
        string? path = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path) || !File.Exists(path))
            Assert.Fail($"{Variable} must name api.github.com/index.json of npm's @octokit/webhooks-examples; run ./test.sh, which installs it and sets the variable.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path!));
        foreach (var entry in document.RootElement.EnumerateArray())
            foreach (var example in entry.GetProperty("examples").EnumerateArray())
                yield return (entry.GetProperty("name").GetString()!, Encoding.UTF8.GetBytes(example.GetRawText()));
    }
}
