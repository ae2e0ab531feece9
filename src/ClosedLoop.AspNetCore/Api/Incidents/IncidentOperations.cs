using System.Text.Json.Serialization.Metadata;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Api.Operations;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ClosedLoop.AspNetCore.Api.Incidents;

/// <summary>Reads incidents, and takes what people decide about them and what agents answer. Who decides is the authenticated caller, never the body.</summary>
internal sealed class IncidentOperations(IOptions<ClosedLoopApiOptions> options, IIncidents? incidents = null) : IApiOperations
{
    private const int MaxListed = 500;
    private const string DecisionShape = """{"note": "…"}""";
    private const string SilenceShape = """{"until": "2026-01-31T18:00:00Z", "note": "…"} with at least until""";
    private const string HandOffShape = """{"answer": "accepted", "note": "…"} with an answer that is accepted or declined""";

    public IReadOnlyList<ApiOperation> Operations =>
    [
        ApiOperation.Get("/incidents", "listIncidents", "Lists incidents: open ones first, the worst first, then the oldest.", ListAsync, ApiJson.Default.IncidentPageBody, 400, 404) with
        {
            Query =
            [
                ApiParameter.Flag("open", "false: also what is resolved. The default is true."),
                new ApiParameter("severity", "Only incidents of this severity: warning, error or critical."),
                new ApiParameter("causeKind", "Only incidents of this kind of cause, such as line."),
                new ApiParameter("gate", "Only incidents at this gate."),
                new ApiParameter("repository", "Only incidents of this repository."),
                ApiParameter.Cursor,
                ApiParameter.Limit(50, MaxListed),
            ],
        },
        ApiOperation.Get("/incidents/{id}", "getIncident", "Reads an incident.", GetAsync, ApiJson.Default.IncidentBody, 404),
        Decision("acknowledge", "acknowledgeIncident", "Takes an incident in the caller's name: repetitions stop, a higher severity is still told.", AcknowledgeAsync, ApiJson.Default.IncidentDecisionRequest),
        Decision("silence", "silenceIncident", "Asks for quiet until an instant, at most 7 days away, in the caller's name.", SilenceAsync, ApiJson.Default.SilenceRequest),
        Decision("close", "closeIncident", "Closes an incident in the caller's name, although its cause may hold.", CloseAsync, ApiJson.Default.IncidentDecisionRequest),
        Decision("hand-off", "answerHandOff", "Says what an agent makes of an incident that it was handed.", AnswerAsync, ApiJson.Default.HandOffRequest),
    ];

    private static ApiOperation Decision(string what, string id, string summary, Func<HttpContext, Caller, ValueTask<Answer>> handler, JsonTypeInfo body) =>
        ApiOperation.Post($"/incidents/{{id}}/{what}", id, summary, handler, body, [new ApiResponse(200, "It was taken; the incident as it is now.", ApiJson.Default.IncidentBody)], 403, 404, 409);

    private async ValueTask<Answer> ListAsync(HttpContext context, Caller caller)
    {
        if (incidents is null) return NotAdded();
        if (RequestRead.Limit(context, 50, MaxListed, out int limit) is { } badLimit) return badLimit;
        if (RequestRead.Flag(context, "open", out bool? open) is { } badOpen) return badOpen;
        if (RequestRead.Filters(context, "severity", "causeKind", "gate", "repository") is { } badFilter) return badFilter;
        if (RequestRead.Query(context, "severity") is { } severity && !Enum.GetValues<IncidentSeverity>().Any(s => Names.Of(s) == severity)) return Problem.BadRequest("'severity' must be warning, error or critical.");
        if (!PageCursor.TryDecode(RequestRead.Query(context, "cursor"), out string? cursor)) return PageCursor.Bad();
        IncidentPlace after = default;
        if (cursor is not null && !IncidentPlace.TryParse(cursor, out after)) return PageCursor.Bad();
        var found = await incidents.ListAsync(open ?? true, context.RequestAborted).ConfigureAwait(false);
        var rest = found
            .Where(i => IsAsked(context, "severity", Names.Of(i.Severity)) && IsAsked(context, "causeKind", i.CauseKind) && IsAsked(context, "gate", i.Gate) && IsAsked(context, "repository", i.Repository))
            .OrderBy(IncidentPlace.Of)
            .Where(i => cursor is null || IncidentPlace.Of(i).CompareTo(after) > 0)
            .Take(limit + 1)
            .ToList();
        string? next = rest.Count > limit ? PageCursor.Encode(IncidentPlace.Of(rest[limit - 1]).ToString()) : null;
        return new JsonAnswer<IncidentPageBody>(200, new IncidentPageBody([.. rest.Take(limit).Select(IncidentBody.Of)], next), ApiJson.Default.IncidentPageBody);
    }

    private async ValueTask<Answer> GetAsync(HttpContext context, Caller caller)
    {
        if (incidents is null) return NotAdded();
        return await incidents.FindAsync(RequestRead.RouteId(context), context.RequestAborted).ConfigureAwait(false) is { } incident
            ? new JsonAnswer<IncidentBody>(200, IncidentBody.Of(incident), ApiJson.Default.IncidentBody)
            : Unknown();
    }

    private ValueTask<Answer> AcknowledgeAsync(HttpContext context, Caller caller) =>
        DecideAsync(context, caller, ApiJson.Default.IncidentDecisionRequest, DecisionShape, static r => r.Note, (id, person, r) => incidents!.AcknowledgeAsync(id, person, r.Note, context.RequestAborted));

    private ValueTask<Answer> CloseAsync(HttpContext context, Caller caller) =>
        DecideAsync(context, caller, ApiJson.Default.IncidentDecisionRequest, DecisionShape, static r => r.Note, (id, person, r) => incidents!.CloseAsync(id, person, r.Note, context.RequestAborted));

    private ValueTask<Answer> SilenceAsync(HttpContext context, Caller caller) =>
        DecideAsync(context, caller, ApiJson.Default.SilenceRequest, SilenceShape, static r => r.Note, (id, person, r) => incidents!.SilenceAsync(id, r.Until ?? default, person, r.Note, context.RequestAborted));

    private async ValueTask<Answer> DecideAsync<T>(
        HttpContext context, Caller caller, JsonTypeInfo<T> type, string shape, Func<T, string?> note, Func<string, string, T, ValueTask<IncidentDecision>> decide)
        where T : class
    {
        if (incidents is null) return NotAdded();
        var writer = caller.Writer!.Value;
        if (writer.Role != WriterRoles.Person) return Problem.Forbidden($"{writer} may not decide about incidents; a named person may: use the token of a person:… writer.");
        var (request, problem) = await RequestRead.JsonAsync(context, options.Value.MaxBodyBytes, type, shape).ConfigureAwait(false);
        if (request is null) return problem!;
        if (RequestRead.Text(("note", note(request))) is { } bad) return bad;
        try
        {
            return Of(await decide(RequestRead.RouteId(context), writer.Name, request).ConfigureAwait(false));
        }
        catch (ArgumentException)
        {
            return Problem.BadRequest("'until' must be an instant within the next 7 days, such as 2026-01-31T18:00:00Z.");
        }
    }

    private async ValueTask<Answer> AnswerAsync(HttpContext context, Caller caller)
    {
        if (incidents is null) return NotAdded();
        var (request, problem) = await RequestRead.JsonAsync(context, options.Value.MaxBodyBytes, ApiJson.Default.HandOffRequest, HandOffShape).ConfigureAwait(false);
        if (request is null) return problem!;
        if (RequestRead.Text(("note", request.Note)) is { } bad) return bad;
        if (Enum.GetValues<HandOffAnswer>().Where(a => Names.Of(a) == request.Answer).ToList() is not [var answer]) return Problem.BadRequest($"'answer' is missing or unknown; expected {HandOffShape}.");
        string id = RequestRead.RouteId(context);
        if (await incidents.FindAsync(id, context.RequestAborted).ConfigureAwait(false) is not { } incident) return Unknown();
        var writer = caller.Writer!.Value;
        if (incident.HandOff is not { } handOff) return Problem.Conflict("This incident was handed to no agent; there is nothing to answer.");
        if (writer.Role != WriterRoles.Agent || writer.Name != handOff.Agent) return Problem.Forbidden($"{writer} may not answer for {Writer.Agent(handOff.Agent)}, which this incident was handed to.");
        return Of(await incidents.AnswerHandOffAsync(id, answer, request.Note, context.RequestAborted).ConfigureAwait(false));
    }

    private static Answer Of(IncidentDecision decision) => decision switch
    {
        { Incident: null } => Unknown(),
        { Refusal: { } refusal } => Problem.Conflict(refusal),
        _ => new JsonAnswer<IncidentBody>(200, IncidentBody.Of(decision.Incident), ApiJson.Default.IncidentBody),
    };

    private static bool IsAsked(HttpContext context, string name, string? value) => RequestRead.Query(context, name) is not { } asked || asked == value;

    private static Problem Unknown() => Problem.NotFound("No incident has this id; see GET /incidents?open=false.");

    private static Problem NotAdded() => Problem.NotFound("This host makes no incidents: add loop.AddAlerting(…) of the package ClosedLoop.Alerting where it calls AddClosedLoop.");
}
