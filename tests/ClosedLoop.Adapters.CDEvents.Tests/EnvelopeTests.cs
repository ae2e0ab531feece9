using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents.Tests;

/// <summary>The CloudEvents HTTP binding around the events, and who may deliver them.</summary>
public sealed class EnvelopeTests
{
    private static readonly AdapterRegistration Adapter = CDEventsAdapter.Create(Given.Options());

    private static readonly JsonObject Event = Given.Change("created", 12, 1);

    [Fact]
    public void Structured_binary_base64_and_bare_events_say_the_same()
    {
        var bare = Adapter.Translator!.Translate(Given.Delivery(Event));
        var encoded = Given.Structured(Event);
        encoded.Remove("data");
        encoded["data_base64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Event.ToJsonString()));
        foreach (var other in (Translation[])[Adapter.Translator.Translate(Given.Delivery(Given.Structured(Event))), Adapter.Translator.Translate(Binary()), Adapter.Translator.Translate(Given.Delivery(encoded))])
        {
            Assert.Equal(bare.Facts.AsEnumerable(), other.Facts);
            Assert.Equal((bare.Event, bare.DeliveryId), (other.Event, other.DeliveryId));
        }
        Assert.Equal("change.created", bare.Event);
        Assert.Equal($"{Given.Host} {Event["context"]!["id"]}", bare.DeliveryId);
    }

    [Fact]
    public void A_batch_is_all_of_its_events_and_a_bad_one_takes_none_of_the_others_away()
    {
        var batch = new JsonArray(Given.Structured(Event), new JsonObject { ["specversion"] = "1.0" }, Given.Structured(Given.Run("started", "run-1", 2, custom: Given.Commit('a'))));
        var translation = Adapter.Translator!.Translate(Given.Delivery(batch, ("Content-Type", "application/cloudevents-batch+json")));
        Assert.Equal(TranslationOutcome.Facts, translation.Outcome);
        Assert.Contains(translation.Facts, static f => f.Kind == Gates.PrOpened);
        Assert.Contains(translation.Facts, static f => f.Kind == Gates.MainCi);
        Assert.Contains("1 of 3 events of a batch are malformed", Assert.Single(translation.Diagnostics), StringComparison.Ordinal);
        Assert.Null(translation.DeliveryId);
    }

    [Theory]
    [InlineData("id", "another")]
    [InlineData("source", Given.Producer)]
    [InlineData("type", "dev.cdevents.change.merged.0.3.0")]
    public void Attributes_that_differ_from_the_event_make_it_malformed(string attribute, string value)
    {
        var structured = Given.Structured(Event);
        structured[attribute] = value;
        Assert.Equal(TranslationOutcome.Malformed, Adapter.Translator!.Translate(Given.Delivery(structured)).Outcome);
        Assert.Equal(TranslationOutcome.Malformed, Adapter.Translator.Translate(Binary(("ce-" + attribute, value))).Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("[[]]")]
    [InlineData("{\"specversion\":\"1.0\",\"data\":\"text\"}")]
    [InlineData("{\"specversion\":\"1.0\",\"data_base64\":\"%%%\"}")]
    [InlineData("{\"specversion\":\"2.0\",\"data\":{}}")]
    [InlineData("{\"context\":{\"specversion\":\"0.5.1\"},\"subject\":{\"id\":\"1\"}}")]
    [InlineData("{\"context\":{\"specversion\":\"1.5.1\",\"id\":\"a\",\"source\":\"b\",\"type\":\"dev.cdevents.change.created.0.3.0\",\"timestamp\":\"2026-03-02T09:00:00Z\"},\"subject\":{\"id\":\"1\"}}")]
    [InlineData("{\"context\":{\"specversion\":\"0.5.1\",\"id\":\"a\",\"source\":\"b\",\"type\":\"dev.cdevents.change.created.0.3.0\",\"timestamp\":\"yesterday\"},\"subject\":{\"id\":\"1\"}}")]
    [InlineData("{\"context\":{\"specversion\":\"0.5.1\",\"id\":\"a\",\"source\":\"https://git.acme.example\",\"type\":\"dev.cdevents.change.created.0.3.0\",\"timestamp\":\"2999-03-02T09:00:00Z\"},\"subject\":{\"id\":\"1\"}}")]
    public void What_is_no_event_brings_no_facts(string body)
    {
        var translation = Adapter.Translator!.Translate(Given.Delivery(Encoding.UTF8.GetBytes(body)));
        Assert.NotEqual(TranslationOutcome.Facts, translation.Outcome);
        Assert.NotEmpty(translation.Detail!);
    }

    [Fact]
    public void A_delivery_knows_the_secret_by_a_header_a_bearer_token_or_a_signature()
    {
        byte[] body = Encoding.UTF8.GetBytes(Event.ToJsonString());
        Assert.True(IsAuthentic());
        Assert.True(IsAuthentic(("X-ClosedLoop-Token", ""), ("Authorization", "Bearer " + Given.Secret)));
        Assert.True(IsAuthentic(("X-ClosedLoop-Token", ""), ("X-ClosedLoop-Signature", Given.Signature(body))));
        Assert.False(IsAuthentic(("X-ClosedLoop-Token", "")));
        Assert.False(IsAuthentic(("X-ClosedLoop-Token", Given.Secret + "x")));
        Assert.False(IsAuthentic(("X-ClosedLoop-Token", ""), ("Authorization", Given.Secret)));
        Assert.False(IsAuthentic(("X-ClosedLoop-Token", ""), ("X-ClosedLoop-Signature", "sha256=")));
        body[^2] ^= 1;
        string old = Given.Signature(Encoding.UTF8.GetBytes(Event.ToJsonString()));
        Assert.False(IsAuthentic(("X-ClosedLoop-Token", ""), ("X-ClosedLoop-Signature", old)));

        bool IsAuthentic(params (string, string)[] headers) => Adapter.Authenticator!.IsAuthentic(Given.Delivery(body, headers));
    }

    private static WebhookDelivery Binary(params (string Name, string Value)[] headers) => Given.Delivery(Event, [
        ("Content-Type", "application/json"), ("ce-specversion", "1.0"), ("ce-id", $"{Event["context"]!["id"]}"), ("ce-source", Given.Host), ("ce-type", $"{Event["context"]!["type"]}"), ("ce-subject", "12"), .. headers]);
}
