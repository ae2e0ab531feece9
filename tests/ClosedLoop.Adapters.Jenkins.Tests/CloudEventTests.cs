using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins.Tests;

/// <summary>The CloudEvents plugin says what the notification plugin says, in other spelling.</summary>
public sealed class CloudEventTests
{
    private readonly IWebhookTranslator _translator = Given.Translator();

    [Theory]
    [InlineData("started", "STARTED", null)]
    [InlineData("completed", "COMPLETED", "SUCCESS")]
    [InlineData("finalized", "FINALIZED", "SUCCESS")]
    [InlineData("finalzed", "FINALIZED", "SUCCESS")]
    [InlineData("failed", "FINALIZED", "FAILURE")]
    public void An_event_is_the_same_fact_as_the_notification(string type, string phase, string? status)
    {
        var notified = _translator.Translate(Given.Delivery(Given.Notification(311, phase, status)));
        foreach (bool named in (bool[])[true, false])
        {
            var data = Data(311, phase, status);
            if (!named) ((JsonObject)data["build"]!).Remove("phase");
            var binary = _translator.Translate(Binary("org.jenkinsci.job." + type, data));
            Assert.Equal(notified.State(), binary.State());
            Assert.Equal((notified.Event, "job/web-main 7c2f"), (binary.Event, binary.DeliveryId));
            Assert.Equal(notified.Hints, binary.Hints.AsEnumerable());
            var structured = _translator.Translate(Given.Delivery(new JsonObject { ["specversion"] = "1.0", ["id"] = "7c2f", ["source"] = "job/web-main", ["type"] = "org.jenkinsci.job." + type, ["data"] = data.DeepClone() }));
            Assert.Equal(notified.State(), structured.State());
        }
    }

    [Fact]
    public void Without_a_configured_address_of_jenkins_the_relative_one_is_used()
    {
        var data = Data(311, "COMPLETED", "SUCCESS");
        data["build"]!["fullUrl"] = null;
        Assert.Equal("build:https://ci.acme.example/job/web-main/311", _translator.Translate(Binary("org.jenkinsci.job.completed", data)).State().Subject.ToString());
    }

    [Fact]
    public void An_item_of_the_queue_is_read_because_the_event_does_not_say_whose_it_is()
    {
        foreach (string type in (string[])["entered_waiting", "left"])
        {
            var translation = _translator.Translate(Binary("org.jenkinsci.queue." + type, Queued("web-main")));
            Assert.Equal((TranslationOutcome.Facts, "queue." + type), (translation.Outcome, translation.Event));
            Assert.Empty(translation.Facts);
            Assert.Equal("build:https://ci.acme.example/queue/item/143", Assert.Single(translation.Hints).ToString());
        }
        Assert.Equal(TranslationOutcome.Ignored, _translator.Translate(Binary("org.jenkinsci.queue.left", Queued("other"))).Outcome);
        Assert.Equal(TranslationOutcome.Malformed, _translator.Translate(Binary("org.jenkinsci.queue.left", new JsonObject())).Outcome);
    }

    [Theory]
    [InlineData("org.jenkinsci.job.created", TranslationOutcome.Ignored)]
    [InlineData("org.jenkinsci.job.updated", TranslationOutcome.Ignored)]
    [InlineData("org.jenkinsci.job.", TranslationOutcome.Ignored)]
    [InlineData("org.jenkinsci.job.completed", TranslationOutcome.Malformed)]
    public void Events_without_a_build_say_nothing(string type, TranslationOutcome outcome) =>
        Assert.Equal(outcome, _translator.Translate(Binary(type, new JsonObject { ["name"] = "web-main", ["status"] = "CREATED" })).Outcome);

    private static JsonObject Queued(string name) => new() { ["ciUrl"] = "https://ci.acme.example/", ["displayName"] = name, ["jenkinsQueueId"] = 143, ["status"] = "LEFT" };

    private static JsonObject Data(int number, string phase, string? status)
    {
        var build = (JsonObject)Given.Notification(number, phase, status)["build"]!.DeepClone();
        build["fullUrl"] = build["full_url"]!.DeepClone();
        build["queueId"] = build["queue_id"]!.DeepClone();
        build["scmState"] = build["scm"]!.DeepClone();
        build["status"] = status;
        foreach (string name in (string[])["full_url", "queue_id", "scm", "log", "notes", "artifacts"]) build.Remove(name);
        return new JsonObject { ["userId"] = null, ["name"] = "web-main", ["displayName"] = "web-main", ["url"] = "job/web-main/", ["build"] = build };
    }

    private static WebhookDelivery Binary(string type, JsonNode data) => Given.Delivery(data) with
    {
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["ce-specversion"] = "1.0", ["ce-type"] = type, ["ce-id"] = "7c2f", ["ce-source"] = "job/web-main" },
    };
}
