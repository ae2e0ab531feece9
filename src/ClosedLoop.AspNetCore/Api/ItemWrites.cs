using System.Globalization;
using System.Text;
using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Api.Operations;
using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>The writing half of the API: everything is recorded as the authenticated writer, whatever the body says.</summary>
internal sealed class ItemWrites(IClosedLoop loop, ILoopQueries queries, IIntake intake, TimeProvider time, IOptions<ClosedLoopApiOptions> options) : IApiOperations
{
    private const string OpenShape = """{"id": "BL-42", "title": "…", "pipeline": "…", "priority": "…", "agent": {"name": "…", "model": "…", "session": "…", "iteration": 1, "promptDigest": "…"}, "keys": ["pr:owner/repo#12"]} with at least the id""";
    private const string FactShape = """{"gate": "…", "status": "passed", "detail": "…", "evidence": {"url": "https://…", "label": "…"}, "keys": ["…"], "reason": "…"} with at least gate and status""";
    private const string LinkShape = """{"keys": ["pr:owner/repo#12"]}""";
    private const string WaiverShape = """{"gate": "…", "reason": "…", "person": "…"} with at least gate and reason""";
    private const string Statuses = "waiting, running, passed, failed, notApplicable, waived";
    private const string Waived = "waived";

    public IReadOnlyList<ApiOperation> Operations =>
    [
        ApiOperation.Post("/items", "openItem", "Opens an item, or declares more of one that is known.", OpenAsync, ApiJson.Default.OpenItemRequest, [new ApiResponse(201, "It was opened.", ApiJson.Default.ItemBody), Written], 403),
        ApiOperation.Post("/items/{id}/facts", "recordFact", "Records what a gate of an item is now, with evidence.", RecordAsync, ApiJson.Default.RecordFactRequest, [Written, Parked], 403),
        ApiOperation.Post("/items/{id}/links", "linkItem", "Links a pull request, a branch or a commit to an item.", LinkAsync, ApiJson.Default.LinkRequest, [Written, Parked], 403),
        ApiOperation.Post("/items/{id}/waivers", "waiveGate", "Waives a gate of an item in the name of a person, who is shown with the reason.", WaiveAsync, ApiJson.Default.WaiverRequest, [Written, Parked], 403),
    ];

    private static ApiResponse Written => new(200, "It is recorded; the item as it is now.", ApiJson.Default.ItemBody);

    private static ApiResponse Parked => new(202, "It is recorded, and shows once the item is opened or a change of it is known.", ApiJson.Default.ParkedBody);

    private async ValueTask<Answer> OpenAsync(HttpContext context, Caller caller)
    {
        var (request, problem) = await RequestRead.JsonAsync(context, options.Value.MaxBodyBytes, ApiJson.Default.OpenItemRequest, OpenShape).ConfigureAwait(false);
        if (request is null) return problem!;
        if ((RequestRead.Id(request.Id) ?? Check(request)) is { } bad) return bad;
        if (RequestRead.Keys(request.Keys, out var keys) is { } badKeys) return badKeys;
        if (ReadAgent(request.Agent, caller.Writer!.Value, out var agent) is { } badAgent) return badAgent;
        var existing = await loop.GetStatusAsync(request.Id!, context.RequestAborted).ConfigureAwait(false);
        var item = new WorkItem(request.Id!) { Title = request.Title, Pipeline = request.Pipeline, Priority = request.Priority, Agent = agent, Keys = keys };
        var result = await loop.As(caller.Writer.Value).OpenAsync(item, context.RequestAborted).ConfigureAwait(false);
        string location = context.Request.PathBase.Add(context.Request.Path).ToUriComponent().TrimEnd('/') + "/" + Uri.EscapeDataString(request.Id!);
        return Refused(result) ?? await ItemAsync(request.Id!, existing is { State.Declared: true } ? null : location, context.RequestAborted).ConfigureAwait(false);
    }

    private async ValueTask<Answer> LinkAsync(HttpContext context, Caller caller)
    {
        string id = RequestRead.RouteId(context);
        var (request, problem) = await RequestRead.JsonAsync(context, options.Value.MaxBodyBytes, ApiJson.Default.LinkRequest, LinkShape).ConfigureAwait(false);
        if (request is null) return problem!;
        if (RequestRead.Id(id) is { } badId) return badId;
        if (RequestRead.Keys(request.Keys, out var keys) is { } badKeys) return badKeys;
        if (keys.IsEmpty) return Problem.BadRequest($"'keys' names nothing to link; expected {LinkShape}.");
        var result = await loop.As(caller.Writer!.Value).LinkAsync(id, [.. keys]).ConfigureAwait(false);
        return Refused(result) ?? await ItemAsync(id, null, context.RequestAborted).ConfigureAwait(false);
    }

    private async ValueTask<Answer> RecordAsync(HttpContext context, Caller caller)
    {
        string id = RequestRead.RouteId(context);
        var (request, problem) = await RequestRead.JsonAsync(context, options.Value.MaxBodyBytes, ApiJson.Default.RecordFactRequest, FactShape).ConfigureAwait(false);
        if (request is null) return problem!;
        if ((RequestRead.Id(id) ?? RequestRead.Text(("detail", request.Detail), ("reason", request.Reason)) ?? CheckGate(request.Gate)) is { } bad) return bad;
        if (RequestRead.Keys(request.Keys, out var keys) is { } badKeys) return badKeys;
        if (RequestRead.Evidence(request.Evidence, out var evidence) is { } badEvidence) return badEvidence;
        if (ReadStatus(request.Status, out var status, out bool isWaiver) is { } badStatus) return badStatus;

        var writer = caller.Writer!.Value;
        bool isPerson = writer.Role == WriterRoles.Person;
        if (isWaiver && !isPerson) return await RefuseWaiverAsync(id, request.Gate!, writer, context.RequestAborted).ConfigureAwait(false);
        bool claimsToHold = status is GateStatus.Passed or GateStatus.NotApplicable;
        bool byHand = isPerson && claimsToHold;
        string? reason = string.IsNullOrWhiteSpace(request.Reason) ? request.Detail : request.Reason;
        if (byHand && string.IsNullOrWhiteSpace(reason)) return Problem.BadRequest("A person who records or waives a gate says why in 'reason'; it is always shown.");
        if (!isPerson && claimsToHold && evidence?.Url is null)
            return Problem.BadRequest("'evidence.url' is missing: a gate does not pass without evidence, an address where a person can see that it is so.");

        var speaker = loop.As(writer);
        // Links first: a fact that is then refused leaves only what the writer may say anyway.
        if (!keys.IsEmpty && Refused(await speaker.LinkAsync(id, [.. keys]).ConfigureAwait(false)) is { } refusedLink) return refusedLink;
        var result = (byHand, status) switch
        {
            (true, GateStatus.Passed) => await speaker.RecordByHandAsync(id, request.Gate!, writer.Name, reason!, evidence, context.RequestAborted).ConfigureAwait(false),
            (true, _) => await speaker.WaiveAsync(id, request.Gate!, writer.Name, reason!, context.RequestAborted).ConfigureAwait(false),
            _ => await speaker.RecordAsync(id, request.Gate!, status, evidence ?? new Evidence(null), request.Detail ?? reason, context.RequestAborted).ConfigureAwait(false),
        };
        return Refused(result) ?? await ItemAsync(id, null, context.RequestAborted).ConfigureAwait(false);
    }

    private async ValueTask<Answer> WaiveAsync(HttpContext context, Caller caller)
    {
        string id = RequestRead.RouteId(context);
        var (request, problem) = await RequestRead.JsonAsync(context, options.Value.MaxBodyBytes, ApiJson.Default.WaiverRequest, WaiverShape).ConfigureAwait(false);
        if (request is null) return problem!;
        if ((RequestRead.Id(id) ?? RequestRead.Text(("reason", request.Reason), ("person", request.Person)) ?? CheckGate(request.Gate)) is { } bad) return bad;
        var writer = caller.Writer!.Value;
        // The host application answers for its own users; a machine or an agent never speaks for people.
        if (writer.Role is not (WriterRoles.Person or WriterRoles.Host)) return await RefuseWaiverAsync(id, request.Gate!, writer, context.RequestAborted).ConfigureAwait(false);
        string? person = string.IsNullOrWhiteSpace(request.Person) ? null : request.Person.Trim();
        if (writer.Role == WriterRoles.Person)
        {
            if (person is not null && person != writer.Name) return Problem.Forbidden($"{writer} waives in the own name only; leave 'person' out.");
            person = writer.Name;
        }
        if (person is null) return Problem.BadRequest("'person' is missing: a waiver is a named person's word.");
        if (!Writer.TryParse($"{WriterRoles.Person}:{person}", out _)) return Problem.BadRequest("'person' is no name of a writer; use what stands after 'person:', such as ann.");
        if (string.IsNullOrWhiteSpace(request.Reason)) return Problem.BadRequest("'reason' is missing; it is always shown with the waiver.");
        return Refused(await loop.WaiveAsync(id, request.Gate!, person, request.Reason, context.RequestAborted).ConfigureAwait(false))
            ?? await ItemAsync(id, null, context.RequestAborted).ConfigureAwait(false);
    }

    private Problem? Check(OpenItemRequest request)
    {
        if (RequestRead.Text(("title", request.Title), ("priority", request.Priority)) is { } problem) return problem;
        return request.Pipeline is null || queries.Pipelines.Any(p => p.Name == request.Pipeline)
            ? null
            : Problem.BadRequest($"There is no pipeline '{RequestRead.Short(request.Pipeline)}'; configured are {string.Join(", ", queries.Pipelines.Select(static p => p.Name))}.");
    }

    private static Problem? ReadAgent(AgentRequest? request, Writer writer, out AgentInfo? agent)
    {
        string? name = string.IsNullOrWhiteSpace(request?.Name) ? writer.Role == WriterRoles.Agent ? writer.Name : null : request.Name;
        agent = name is null ? null : new AgentInfo(name, request?.Model, request?.Session) { Iteration = request?.Iteration, PromptDigest = request?.PromptDigest };
        if (request is null) return null;
        if (agent is null) return Problem.BadRequest("'agent.name' is missing; it says which agent works on the item.");
        if (request.Iteration < 1) return Problem.BadRequest("'agent.iteration' counts from 1.");
        return RequestRead.Text(("agent.name", request.Name), ("agent.model", request.Model), ("agent.session", request.Session), ("agent.promptDigest", request.PromptDigest));
    }

    private Problem? CheckGate(string? gate)
    {
        var gates = queries.Pipelines.SelectMany(static p => p.Gates).ToList();
        if (gate is not null && gates.Exists(g => g.ListensTo(gate))) return null;
        string known = string.Join(", ", gates.SelectMany(static g => g.Signals.IsDefaultOrEmpty ? [g.Name] : g.Signals).Distinct(StringComparer.Ordinal));
        return Problem.BadRequest(gate is null ? $"'gate' is missing; there are {known}." : $"No pipeline has a gate '{RequestRead.Short(gate)}'; there are {known}.");
    }

    private static Problem? ReadStatus(string? text, out GateStatus status, out bool isWaiver)
    {
        isWaiver = string.Equals(text, Waived, StringComparison.OrdinalIgnoreCase);
        status = isWaiver ? GateStatus.NotApplicable : GateStatus.Waiting;
        if (isWaiver) return null;
        foreach (var known in Enum.GetValues<GateStatus>())
        {
            if (!string.Equals(text, known.ToString(), StringComparison.OrdinalIgnoreCase)) continue;
            status = known;
            return null;
        }
        return Problem.BadRequest(text is null ? $"'status' is missing; use one of {Statuses}." : $"'{RequestRead.Short(text)}' is not a status; use one of {Statuses}.");
    }

    // A waiver is a person's word. That a machine tried to give it is kept like any other refusal.
    private async ValueTask<Answer> RefuseWaiverAsync(string id, string gate, Writer writer, CancellationToken cancellationToken)
    {
        string refusal = $"{writer} may not waive {gate}; a named person may.";
        var now = time.GetUtcNow();
        var entry = new QuarantineEntry
        {
            // Once a day: asking again and again must not fill the quarantine.
            Id = string.Create(CultureInfo.InvariantCulture, $"api:{writer}-waiver-{gate}-{Key.Item(id)}-{now:yyyy-MM-dd}"),
            Source = $"api:{writer}",
            Kind = QuarantineKind.Refused,
            Detail = $"{gate} of {Key.Item(id)}: {refusal}",
            Body = Encoding.UTF8.GetBytes(Waived),
            ReceivedAt = now,
        };
        var kept = await intake.SubmitAsync(new Submission { Source = entry.Source, ReceivedAt = now, Quarantine = [entry] }, cancellationToken).ConfigureAwait(false);
        return kept.Outcome == SubmissionOutcome.Busy ? Problem.Busy(kept.Detail ?? "busy; send it again") : Problem.Forbidden(refusal);
    }

    private static Problem? Refused(RecordResult result)
    {
        if (result.IsRecorded) return null;
        return result.IsBusy ? Problem.Busy(result.Refusal ?? "busy; send it again") : Problem.Forbidden(result.Refusal ?? "It was refused.");
    }

    private async ValueTask<Answer> ItemAsync(string id, string? location, CancellationToken cancellationToken)
    {
        var status = await loop.GetStatusAsync(id, cancellationToken).ConfigureAwait(false);
        if (status is null)
            return new JsonAnswer<ParkedBody>(202, new ParkedBody(id, "parked", "It is recorded, and shows once the item is opened or a change of it is known."), ApiJson.Default.ParkedBody);
        return new JsonAnswer<ItemBody>(location is null ? 200 : 201, ItemBody.Of(status), ApiJson.Default.ItemBody) { Location = location };
    }
}
