using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>What every sink has that shows text to people.</summary>
public abstract class TextSinkOptions : HttpSinkOptions
{
    private protected TextSinkOptions(string name)
        : base(name)
    {
    }

    /// <summary>
    /// Writes the text instead of <see cref="IncidentText"/>: <c>o.Render = notice => $"{notice.Title} {notice.NextAction}"</c>. The notice's texts are
    /// already made harmless for the receiver, and what the template adds is sent as it is, mentions included; it is cut at the receiver's limit. When it
    /// throws or returns nothing, the default text is sent. Called from several threads. The default is null.
    /// </summary>
    public Func<IncidentNotice, string>? Render { get; set; }
}
