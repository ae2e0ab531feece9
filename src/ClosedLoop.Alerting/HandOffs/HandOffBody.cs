using System.Text.Json;
using ClosedLoop.Alerting.Sinks;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.Alerting.HandOffs;

/// <summary>The JSON of an offer. Its members are documented and stay; new ones may come. What is not known is null.</summary>
internal static class HandOffBody
{
    private const int MaxText = 600;

    public static byte[] Write(HandOffOffer offer) => JsonBody.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", offer.IsOver ? "handoff.over" : "handoff.offered");
        json.WriteString("timestamp", offer.Incident.At.UtcDateTime);
        json.WriteStartObject("data");
        NoticeJson.Members(json, TextMarkup.Plain.Apply(offer.Incident));
        Time(json, "until", offer.Until);
        Text(json, "diagnosis", offer.Diagnosis);
        if (offer.Item is { } status) Item(json, status);
        else json.WriteNull("item");
        json.WriteStartArray("history");
        foreach (var transition in offer.History) Change(json, transition);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void Item(Utf8JsonWriter json, LoopStatus status)
    {
        var state = status.State;
        json.WriteStartObject("item");
        Text(json, "id", state.Id);
        Text(json, "title", state.Title);
        Text(json, "repository", state.Repository);
        Text(json, "why", status.Why);
        Text(json, "waiting_on", state.WaitingOn);
        json.WriteStartArray("changes");
        foreach (var change in state.Changes) json.WriteStringValue(SafeText.Line(change.Change.ToString(), MaxText));
        json.WriteEndArray();
        json.WriteStartArray("gates");
        foreach (var gate in state.Gates) Gate(json, gate);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Gate(Utf8JsonWriter json, GateView gate)
    {
        json.WriteStartObject();
        Text(json, "name", gate.Gate);
        json.WriteString("status", Name(gate.Status));
        json.WriteString("reason", Name(gate.Reason));
        Text(json, "detail", gate.Detail);
        Text(json, "writer", gate.Writer?.ToString());
        Time(json, "since", gate.Since);
        Text(json, "subject", gate.Subject?.ToString());
        Text(json, "revision", gate.Revision);
        Link(json, gate.Evidence);
        json.WriteEndObject();
    }

    private static void Change(Utf8JsonWriter json, Transition transition)
    {
        json.WriteStartObject();
        json.WriteString("at", transition.RecordedAt.UtcDateTime);
        json.WriteString("kind", Name(transition.Kind));
        Text(json, "gate", transition.Gate);
        json.WriteString("from", Name(transition.From));
        json.WriteString("to", Name(transition.To));
        json.WriteString("reason", Name(transition.Reason));
        Text(json, "detail", transition.Detail);
        Text(json, "writer", transition.Writer?.ToString());
        Link(json, transition.Evidence);
        json.WriteEndObject();
    }

    private static void Link(Utf8JsonWriter json, Evidence? evidence) => json.WriteString("evidence", IncidentText.WebLink(evidence?.Url)?.AbsoluteUri);

    private static void Text(Utf8JsonWriter json, string name, string? text) => json.WriteString(name, text is null ? null : SafeText.Line(text, MaxText));

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? at)
    {
        if (at is { } time) json.WriteString(name, time.UtcDateTime);
        else json.WriteNull(name);
    }

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
