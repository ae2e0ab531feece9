using System.Globalization;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.AspNetCore.Dashboard.Rendering;
using ClosedLoop.AspNetCore.Problems;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.AspNetCore.Dashboard.Actions;

/// <summary>
/// Takes the dashboard's forms: from a signed-in person, with the page's own token, in that person's name. What is taken sends the browser back
/// to the page; what is refused says why.
/// </summary>
internal sealed class ActionEndpoint(DashboardServices services)
{
    public const string Pattern = "/actions/{action}";

    private const int MaxBody = 64 * 1024;
    private const int MaxNote = 1_000;

    /// <summary>The times for which an incident may be silenced, as the form offers them, in hours.</summary>
    public static readonly IReadOnlyList<int> SilenceHours = [1, 4, 24, 72];

    public async ValueTask<ActionResult> TakeAsync(HttpContext context)
    {
        string action = context.Request.RouteValues["action"] as string ?? "";
        if (Actor.Of(context) is not { } actor) return Refused(403, "Nobody is signed in, or under a name that cannot be recorded. Sign in and try again; nothing was changed.");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MaxBody;
        if (!context.Request.HasFormContentType) return Refused(415, "A form was expected; nothing was changed.");
        if (!await services.Antiforgery!.IsRequestValidAsync(context).ConfigureAwait(false))
            return Refused(400, "The form does not belong to a page of this session, or it is too old. Load the page again and repeat it; nothing was changed.");
        var form = await context.Request.ReadFormAsync(new FormOptions { BufferBodyLengthLimit = MaxBody, ValueCountLimit = 20 }, context.RequestAborted).ConfigureAwait(false);
        string note = form["note"].ToString().Trim();
        if (note.Length > MaxNote) return Refused(400, $"The note is longer than {MaxNote} characters; shorten it. Nothing was changed.");
        return action == ActionNames.Waive
            ? await WaiveAsync(form, actor, note, context.RequestAborted).ConfigureAwait(false)
            : await DecideAsync(action, form, actor, note.Length == 0 ? null : note, context.RequestAborted).ConfigureAwait(false);
    }

    private async ValueTask<ActionResult> WaiveAsync(IFormCollection form, string actor, string reason, CancellationToken cancellationToken)
    {
        (string id, string gate) = (form["id"].ToString(), form["gate"].ToString());
        if (reason.Length == 0) return Refused(400, $"Say why {gate} is waived: the reason is shown with your name. Nothing was changed.");
        if (await services.Loop.GetStatusAsync(id, cancellationToken).ConfigureAwait(false) is not { } status || status.State.Gate(gate) is null)
            return Refused(404, "There is no such gate of such an item; nothing was changed.");
        var result = await services.Loop.WaiveAsync(id, gate, actor, reason, cancellationToken).ConfigureAwait(false);
        return result.IsRecorded ? Taken(ActionNames.Waive, form) : Refused(result.IsBusy ? 503 : 409, $"{gate} was not waived: {result.Refusal}");
    }

    private async ValueTask<ActionResult> DecideAsync(string action, IFormCollection form, string actor, string? note, CancellationToken cancellationToken)
    {
        if (services.Incidents is not { } incidents) return Refused(404, "This host has no alerting, so there are no incidents; nothing was changed.");
        string id = form["id"].ToString();
        if (id.Length is 0 or > 500) return Refused(400, "The form names no incident; nothing was changed.");
        IncidentDecision decision;
        switch (action)
        {
            case ActionNames.Acknowledge:
                decision = await incidents.AcknowledgeAsync(id, actor, note, cancellationToken).ConfigureAwait(false);
                break;
            case ActionNames.Silence:
                if (!int.TryParse(form["hours"], NumberStyles.None, CultureInfo.InvariantCulture, out int hours) || !SilenceHours.Contains(hours))
                    return Refused(400, $"Choose {string.Join(", ", SilenceHours)} hours; nothing was changed.");
                decision = await incidents.SilenceAsync(id, services.Time.GetUtcNow() + TimeSpan.FromHours(hours), actor, note, cancellationToken).ConfigureAwait(false);
                break;
            case ActionNames.Close:
                decision = await incidents.CloseAsync(id, actor, note, cancellationToken).ConfigureAwait(false);
                break;
            default:
                return Refused(404, "There is no such action; nothing was changed.");
        }
        return decision.IsTaken ? Taken(action, form) : Refused(decision.Incident is null ? 404 : 409, $"The incident is as it was: {decision.Refusal}");
    }

    private static ActionResult Taken(string action, IFormCollection form) => new(action, form["back"].ToString(), null);

    private static ActionResult Refused(int status, string why) => new(null, null, ErrorPage.Refused(status, why));
}
