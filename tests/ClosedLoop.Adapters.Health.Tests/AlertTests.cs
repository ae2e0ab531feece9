using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>Alertmanager's webhook: who may send it, and what it says in any order.</summary>
public sealed class AlertTests
{
    [Fact]
    public void A_firing_alert_is_a_failure_of_what_runs_and_its_end_takes_that_back_and_passes_nothing()
    {
        var firing = Only(Translate(Given.Notification(Given.Alert("HighErrorRate", 5))));
        Assert.Equal((GateStatus.Failed, Reason.Vetoed, Given.Start.AddMinutes(5)), (firing.Status, firing.Reason, firing.OccurredAt));
        Assert.Equal(("health:alerts", "production", "eu", Gates.Healthy), (firing.Writer.ToString(), firing.Environment, firing.Name, firing.Kind));
        Assert.Equal([Key.Environment("production/eu")], firing.Links);
        Assert.Equal("alerts: alert 'HighErrorRate': '5% of requests fail' fires", firing.Detail);
        var resolved = Only(Translate(Given.Notification(Given.Alert("HighErrorRate", 5, 9))));
        Assert.Equal((firing.Subject, GateStatus.Waiting, Reason.Vetoed, Given.Start.AddMinutes(9)), (resolved.Subject, resolved.Status, resolved.Reason, resolved.OccurredAt));
    }

    [Fact]
    public void Duplicates_repetitions_and_any_order_end_the_same()
    {
        JsonObject[] told =
        [
            Given.Notification(Given.Alert("A", 1)), Given.Notification(Given.Alert("A", 1), Given.Alert("B", 2)), Given.Notification(Given.Alert("A", 1), Given.Alert("B", 2)),
            Given.Notification(Given.Alert("A", 1), Given.Alert("B", 2, 3)), Given.Notification(Given.Alert("A", 1, 4)), Given.Notification(Given.Alert("A", 6)), Given.Notification(Given.Alert("C", 7, 8)),
        ];
        var facts = told.SelectMany(static n => Translate(n).Facts).ToList();
        var random = new Random(8);
        for (int i = 0; i < 100; i++)
        {
            var registers = new Dictionary<string, Fact>();
            foreach (var fact in facts.Concat(facts).OrderBy(_ => random.Next())) registers[fact.Register.ToString()] = registers.TryGetValue(fact.Register.ToString(), out var known) ? FactJoin.Join(known, fact) : fact;
            // A fires again, B and C are resolved; of C nobody had heard before.
            Assert.Equal(["A: Failed", "B: Waiting", "C: Waiting"], registers.Values.Select(static f => $"{f.Detail!.Split('\'')[1]}: {f.Status}").Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Only_alerts_with_all_labels_of_a_rule_count_and_one_may_be_of_several_rules()
    {
        var options = Given.Alerts(static r => r.Labels["severity"] = "critical");
        options.Alerts.Add(new AlertRule { Name = "slo", Environment = "production", Gate = "slo", Labels = { ["alertname"] = "HighErrorRate" } });
        var adapter = Adapter(options);
        var translation = adapter.Translator!.Translate(Given.Delivery(Given.Notification(Given.Alert("HighErrorRate", 5), Given.Alert("DiskFull", 5), Given.Alert("DiskFull", 5, service: "db"))));
        Assert.Equal(["health:alerts healthy", "health:alerts healthy", "health:slo slo"], translation.Facts.Select(static f => $"{f.Writer} {f.Kind}").Order(StringComparer.Ordinal));
        var none = adapter.Translator!.Translate(Given.Delivery(Given.Notification(Given.Alert("DiskFull", 5, service: "db"))));
        Assert.Equal(TranslationOutcome.Ignored, none.Outcome);
        Assert.Contains("Health:Alerts", none.Detail, StringComparison.Ordinal);
        Assert.Equal(TranslationOutcome.Ignored, Translate(Given.Notification()).Outcome);
    }

    [Fact]
    public void The_version_is_taken_from_its_label_and_never_guessed()
    {
        static void Labelled(AlertRule rule) => rule.VersionLabel = "revision";
        var commit = Only(Translate(Given.Notification(Given.Alert("A", 5, revision: Given.Sha('a'))), Labelled));
        Assert.Equal((Given.Sha('a'), Key.Commit(Given.Repository, Given.Sha('a'))), (commit.Revision, Assert.Single(commit.Links)));
        Assert.Equal([Key.Image(Given.Digest('b'))], Only(Translate(Given.Notification(Given.Alert("A", 5, revision: Given.Digest('b'))), Labelled)).Links);
        foreach (string? revision in (string?[])["1.4.2", null, "abcdef0"])
        {
            var translation = Translate(Given.Notification(Given.Alert("A", 5, revision: revision)), Labelled);
            Assert.Equal([Key.Environment("production/eu")], Only(translation).Links);
            Assert.StartsWith("Health:Alerts:0:VersionLabel: ", Assert.Single(translation.Diagnostics), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_end_of_an_alert_is_evidence_only_where_that_is_configured_and_only_of_a_proven_version()
    {
        static void Passing(AlertRule rule) => (rule.VersionLabel, rule.ResolvedPasses) = ("revision", true);
        var resolved = Translate(Given.Notification(Given.Alert("A", 5, 9, revision: Given.Sha('a'))), Passing);
        var passed = Assert.Single(resolved.Facts, static f => f.Status == GateStatus.Passed);
        Assert.Equal(("health:alerts-resolved", Given.Sha('a'), Key.Environment("production/eu")), (passed.Writer.ToString(), passed.Revision, passed.Subject));
        Assert.DoesNotContain(Translate(Given.Notification(Given.Alert("A", 5, 9, revision: "1.4.2")), Passing).Facts, static f => f.Status == GateStatus.Passed);
        Assert.DoesNotContain(Translate(Given.Notification(Given.Alert("A", 5, revision: Given.Sha('a'))), Passing).Facts, static f => f.Status == GateStatus.Passed);
        Assert.Equal(["health:alerts", "health:alerts-resolved"], Adapter(Given.Alerts(Passing)).Writers.Select(static w => w.ToString()));
    }

    [Fact]
    public void What_is_not_known_is_told_and_is_no_end_of_anything()
    {
        var odd = Given.Alert("A", 5);
        odd["status"] = "snoozed";
        var translation = Translate(Given.Notification(odd, Given.Alert("B", 5)));
        Assert.Equal((GateStatus.Waiting, Reason.Unrecognized), (translation.Facts[0].Status, translation.Facts[0].Reason));
        Assert.Single(translation.Diagnostics);
        Assert.Equal(GateStatus.Failed, translation.Facts[1].Status);

        var left = Given.Notification(Given.Alert("A", 5));
        left["truncatedAlerts"] = 3;
        Assert.Contains("max_alerts", Assert.Single(Translate(left).Diagnostics), StringComparison.Ordinal);

        var unreadable = Given.Alert("A", 5);
        unreadable["startsAt"] = "0001-01-01T00:00:00Z";
        Assert.Contains("startsAt", Assert.Single(Translate(Given.Notification(unreadable, Given.Alert("B", 5))).Diagnostics), StringComparison.Ordinal);
        Assert.Equal(TranslationOutcome.Malformed, Translate(Given.Notification(unreadable)).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"version":"3","alerts":[]}""")]
    [InlineData("""{"version":4,"alerts":[]}""")]
    [InlineData("""{"version":"4","alerts":{}}""")]
    [InlineData("""{"version":"4","alerts":[7]}""")]
    [InlineData("""{"version":"4","alerts":[{"labels":[],"status":"firing"}]}""")]
    [InlineData("""{"version":"4","alerts":[{"labels":{"service":"web"},"status":1,"startsAt":"2026-03-02T09:00:00Z"}]}""")]
    [InlineData("""{"version":"4","alerts":[{"labels":{"service":"web","\ud800":"x"},"status":"firing","startsAt":"2026-03-02T09:00:00Z"}]}""")]
    public void What_Alertmanager_does_not_send_is_malformed(string body)
    {
        Assert.Equal(TranslationOutcome.Malformed, Adapter(Given.Alerts()).Translator!.Translate(Given.Delivery(body)).Outcome);
        // And in an explanation no error either.
        HealthAdapter.Explain(Encoding.UTF8.GetBytes(body));
    }

    [Fact]
    public void An_alert_without_a_fingerprint_is_known_by_its_labels()
    {
        JsonObject[] alerts = [Given.Alert("A", 5), Given.Alert("A", 5, 9), Given.Alert("B", 5)];
        foreach (var alert in alerts) alert.Remove("fingerprint");
        var subjects = alerts.Select(static a => Only(Translate(Given.Notification(a))).Subject).ToList();
        Assert.Equal(subjects[0], subjects[1]);
        Assert.NotEqual(subjects[0], subjects[2]);
    }

    [Theory]
    [InlineData("Bearer " + Given.AlertToken, true)]
    [InlineData("Bearer canary-previous-token-77", true)]
    [InlineData("Basic YWxlcnRzOmNhbmFyeS1wYXNzd29yZC0wMDE=", true)]
    [InlineData("Basic YWxlcnRzOndyb25nLXBhc3N3b3JkLTAwMDA=", false)]
    [InlineData("Bearer canary-alert-token-4f2b", false)]
    [InlineData(Given.AlertToken, false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_bearer_token_or_a_user_with_password_is_asked_for(string? authorization, bool expected)
    {
        var options = Given.Alerts();
        (options.PreviousAlertToken, options.AlertUserName, options.AlertPassword) = ("canary-previous-token-77", "alerts", "canary-password-001");
        Assert.Equal(expected, Adapter(options).Authenticator!.IsAuthentic(Given.Delivery(Given.Notification(), authorization)));
    }

    public static TheoryData<string, Action<HealthOptions>> Mistakes => new()
    {
        { "Health:AlertToken", static o => o.AlertToken = null },
        { "Health:AlertToken", static o => o.AlertToken = "canary" },
        { "Health:AlertPassword", static o => o.AlertUserName = "alerts" },
        { "Health:AlertUserName", static o => o.AlertPassword = "canary-password-001" },
        { "Health:AlertUserName", static o => (o.AlertUserName, o.AlertPassword) = ("a:b", "canary-password-001") },
        { "Health:AlertPassword", static o => (o.AlertUserName, o.AlertPassword) = ("alerts", "canary") },
        { "Health:PreviousAlertToken", static o => o.PreviousAlertToken = "canary" },
        { "Health:PreviousAlertToken", static o => (o.AlertToken, o.PreviousAlertToken, o.AlertUserName, o.AlertPassword) = (null, "canary-previous-token-77", "alerts", "canary-password-001") },
        { "Health:Alerts:0:Name", static o => o.Alerts[0].Name = "Alerts!" },
        { "Health:Alerts:1:Name", static o => o.Alerts.Add(new AlertRule { Name = "alerts", Environment = "staging", Labels = { ["a"] = "b" } }) },
        { "Health:Alerts:1:Name", static o => (o.Alerts[0].ResolvedPasses, o.Alerts[0].VersionLabel, _) = (true, "revision", Add(o, new AlertRule { Name = "alerts-resolved", Environment = "staging", Labels = { ["a"] = "b" } })) },
        { "Health:Alerts:0:Environment", static o => o.Alerts[0].Environment = "" },
        { "Health:Alerts:0:Target", static o => o.Alerts[0].Target = " " },
        { "Health:Alerts:0:Gate", static o => o.Alerts[0].Gate = "" },
        { "Health:Alerts:0:Repository", static o => o.Alerts[0].Repository = "web" },
        { "Health:Alerts:0:Labels", static o => o.Alerts[0].Labels.Clear() },
        { "Health:Alerts:0:Labels", static o => o.Alerts[0].Labels["a-b"] = "x" },
        { "Health:Alerts:0:VersionLabel", static o => o.Alerts[0].VersionLabel = "" },
        { "Health:Alerts:0:VersionLabel", static o => o.Alerts[0].ResolvedPasses = true },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_by_name_and_no_secret_is_repeated(string option, Action<HealthOptions> mistake)
    {
        var options = Given.Alerts();
        mistake(options);
        string failure = Assert.Single(Assert.Throws<OptionsValidationException>(() => Adapter(options)).Failures);
        Assert.StartsWith(option + " ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_checks_there_is_nothing_to_poll_and_without_rules_no_webhook()
    {
        var adapter = Adapter(Given.Alerts());
        Assert.Null(adapter.Probe);
        Assert.Equal([Gates.Healthy], adapter.Gates.AsEnumerable());
        Assert.Null(Adapter(Given.Options(Given.Http(new Uri("https://shop.example.org/")))).Authenticator);
    }

    [Fact]
    public void A_notification_is_explained()
    {
        var explanation = HealthAdapter.Explain(Encoding.UTF8.GetBytes(Given.Notification(Given.Alert("A", 5), Given.Alert("B", 5, 6)).ToJsonString()));
        Assert.Equal(("failed", 2), (explanation.Verdict, explanation.Facts.Length));
        Assert.Equal("none", HealthAdapter.Explain(Encoding.UTF8.GetBytes(Given.Notification(Given.Alert("B", 5, 6)).ToJsonString())).Verdict);
    }

    private static AlertRule Add(HealthOptions options, AlertRule rule)
    {
        options.Alerts.Add(rule);
        return rule;
    }

    private static AdapterRegistration Adapter(HealthOptions options) => HealthAdapter.Create(options, new HttpClient(), TimeProvider.System);

    private static Translation Translate(JsonObject notification, Action<AlertRule>? change = null) => Adapter(Given.Alerts(change)).Translator!.Translate(Given.Delivery(notification));

    private static Fact Only(Translation translation) => Assert.Single(translation.Facts);
}
