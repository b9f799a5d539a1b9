namespace SeerMoe.Tool.Diagnosis;

/// <summary>One line of `seer doctor`.</summary>
/// <param name="Subject">"glibc".</param>
/// <param name="State">Whether it will do.</param>
/// <param name="Found">What is there.</param>
/// <param name="WhatToDo">Null where there is nothing to do.</param>
public sealed record Finding(string Subject, State State, string Found, string? WhatToDo = null)
{
    public static Finding Ok(string subject, string found) => new(subject, State.Ok, found);
}

/// <summary>Whether a thing will do.</summary>
public enum State
{
    Ok,

    /// <summary>Something that not everybody needs is absent, or scarce.</summary>
    Note,

    /// <summary>Nothing can be computed without it.</summary>
    Missing,
}
