namespace SeerMoe;

/// <summary>The user's input is at fault: three lines that say what is wrong, where, and what to do. Exit code 2.</summary>
public sealed class InputException(string what, string where, string whatToDo, Exception? inner = null)
    : Exception($"{what}\n  at {where}\n  {whatToDo}", inner)
{
    /// <summary>What is wrong, in one sentence.</summary>
    public string What { get; } = what;

    /// <summary>The file (with line where known), option or tensor at fault.</summary>
    public string Where { get; } = where;

    /// <summary>What the user can do about it.</summary>
    public string WhatToDo { get; } = whatToDo;
}
