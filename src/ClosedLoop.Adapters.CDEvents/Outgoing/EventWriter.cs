using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Adapters.CDEvents.Outgoing;

/// <summary>Writes a transition as a CDEvent of one version. Pure: the same transition gives the same bytes and the same id.</summary>
internal sealed class EventWriter(string source, CDEventsVersion version)
{
    public OutgoingEvent Write(Transition transition, Fact? fact)
    {
        var shape = EventShape.Of(transition, fact, version);
        string id = Uuid($"{source}\n{transition.Sequence}\n{transition.ItemId}\n{transition.Kind}\n{transition.Gate}\n{transition.To}\n{transition.RecordedAt.UtcTicks}");
        string type = TypeOf(shape);
        string time = (transition.OccurredAt ?? transition.RecordedAt).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartObject("context");
            json.WriteString(version == CDEventsVersion.V04 ? "version" : "specversion", version == CDEventsVersion.V04 ? "0.4.1" : "0.5.1");
            json.WriteString("id", id);
            json.WriteString("source", source);
            json.WriteString("type", type);
            json.WriteString("timestamp", time);
            // All that becomes of one item is one chain.
            json.WriteString("chainId", Uuid($"{source}\n{transition.ItemId}"));
            json.WriteEndObject();
            json.WriteStartObject("subject");
            json.WriteString("id", shape.SubjectId);
            json.WriteString("source", source);
            if (version == CDEventsVersion.V04) json.WriteString("type", shape.Subject);
            json.WriteStartObject("content");
            shape.Write(json);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("customData");
            WriteCustom(json, transition, fact);
            json.WriteEndObject();
            json.WriteString("customDataContentType", "application/json");
            json.WriteEndObject();
        }
        return new OutgoingEvent(id, source, type, shape.SubjectId, time, body.WrittenSpan.ToArray());
    }

    /// <summary>The structured form: the CloudEvent with the CDEvent as its data.</summary>
    public static byte[] Structured(OutgoingEvent sent)
    {
        var body = new ArrayBufferWriter<byte>(sent.Body.Length + 512);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("specversion", "1.0");
            json.WriteString("id", sent.Id);
            json.WriteString("source", sent.Source);
            json.WriteString("type", sent.Type);
            json.WriteString("subject", sent.Subject);
            json.WriteString("time", sent.Time);
            json.WriteString("datacontenttype", "application/json");
            json.WritePropertyName("data");
            json.WriteRawValue(sent.Body);
            json.WriteEndObject();
        }
        return body.WrittenSpan.ToArray();
    }

    // What CDEvents has no field for, flat, in the words that this package also reads.
    private static void WriteCustom(Utf8JsonWriter json, Transition transition, Fact? fact)
    {
        json.WriteString("item", transition.ItemId);
        json.WriteNumber("sequence", transition.Sequence);
        json.WriteString("transition", transition.Kind.ToString());
        if (transition.Kind is TransitionKind.Gate or TransitionKind.Overdue)
        {
            json.WriteString("from", transition.From.ToString());
            json.WriteString("to", transition.To.ToString());
            json.WriteString("reason", transition.Reason.ToString());
        }
        Write("gate", transition.Gate);
        Write("writer", transition.Writer?.ToString());
        Write("detail", transition.Detail);
        Write("evidence", transition.Evidence?.Url?.AbsoluteUri);
        Write("subject", transition.Subject?.ToString());
        Write("doneDefinition", transition.DoneDefinition);
        Write("recordedAt", transition.RecordedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        var commit = CommitOf(transition, fact);
        Write("commit", commit?.Sha ?? CommitId.Read(fact?.Revision));
        Write("repository", fact?.Attribute(FactAttributes.Repository) ?? commit?.Repository);
        Write("branch", fact?.Attribute(FactAttributes.Branch));
        if (transition is { Gate: Gates.Reviewed, To: GateStatus.Passed }) json.WriteString("decision", "approved");

        void Write(string name, string? value)
        {
            if (value is not null) json.WriteString(name, value);
        }
    }

    // The commit that the evidence is about, or the only one that it was made from.
    private static (string Repository, string Sha)? CommitOf(Transition transition, Fact? fact)
    {
        Key[] commits = transition.Subject is { } subject && subject.Is(KeySchemes.Commit) ? [subject] : [.. fact?.Links.Where(static k => k.Is(KeySchemes.Commit)) ?? []];
        if (commits is not [var only] || only.Value.LastIndexOf('@') is not (> 0 and var at)) return null;
        return CommitId.Read(only.Value[(at + 1)..]) is { } sha ? (only.Value[..at], sha) : null;
    }

    private string TypeOf(EventShape shape)
    {
        if (shape.IsCustom) return $"dev.cdeventsx.{shape.Subject}.{shape.Predicate}.0.1.0";
        bool old = version == CDEventsVersion.V04;
        // Everything went up by one minor version with 0.5; change.created was one ahead.
        string minor = shape is { Subject: "change", Predicate: "created" } ? old ? "3" : "4" : old ? "2" : "3";
        return $"dev.cdevents.{shape.Subject.ToLowerInvariant()}.{shape.Predicate}.0.{minor}.0";
    }

    // A UUID of version 4 by its form, as chains and most receivers want it, but always the same of the same text.
    private static string Uuid(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x40);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString("D");
    }
}
