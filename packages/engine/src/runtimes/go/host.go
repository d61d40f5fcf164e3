// Loads a plugin as the platform's host does and answers in one line, and in a second one what came
// of calling it where a test event follows the token.
// Arguments: the plugin's file, then the symbols that it must have: the handler's, the initializer's.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"plugin"
	"reflect"
	"strings"
	"syscall"
	"time"
)

// Fault and Found are what the worker says in words (texts/faults.ts), Message is the plugin's own.
type answer struct {
	Ok      bool   `json:"ok"`
	Fault   string `json:"fault,omitempty"`
	Found   []any  `json:"found,omitempty"`
	Message string `json:"message,omitempty"`
	Path    string `json:"path,omitempty"`
}

func main() {
	// From the input, as the plugin could read it from the environment.
	input := bufio.NewReader(os.Stdin)
	token, _ := input.ReadString('\n')
	event, _ := input.ReadString('\n')
	tell := func(result any) {
		line, _ := json.Marshal(result)
		fmt.Printf("\n%s %s\n", strings.TrimSpace(token), line)
	}
	file, symbols := os.Args[1], os.Args[2:]
	found, wrong := load(file, symbols)
	if wrong != nil {
		wrong.Path = file
		tell(wrong)
		return
	}
	tell(answer{Ok: true})
	if event != "" {
		tell(map[string]any{"called": call(found, []byte(strings.TrimSpace(event)))})
	}
}

// load finds the symbols, or says what is wrong.
func load(file string, symbols []string) (found []reflect.Value, wrong *answer) {
	// Opening runs the plugin's init functions.
	defer func() {
		if reason := recover(); reason != nil {
			found, wrong = nil, &answer{Fault: "initPanics", Message: cut(fmt.Sprint(reason))}
		}
	}()
	opened, err := plugin.Open("./" + file)
	if err != nil {
		return nil, &answer{Message: cut(err.Error())}
	}
	for _, name := range symbols {
		symbol, err := opened.Lookup(name)
		if err != nil {
			return nil, &answer{Message: cut(err.Error())}
		}
		// Lookup gives a function itself, and a pointer to a variable.
		value := reflect.Indirect(reflect.ValueOf(symbol))
		if value.Kind() != reflect.Func {
			kind := reflect.TypeOf(symbol).String()
			return nil, &answer{Fault: "noFunctionSymbol", Found: []any{name, kind}}
		}
		found = append(found, value)
	}
	return found, nil
}

type called struct {
	answer
	Answer      any     `json:"answer,omitempty"`
	Ms          float64 `json:"ms,omitempty"`
	MemoryBytes int64   `json:"memoryBytes,omitempty"`
}

// Longer answers are for a test of the function, not for one of its package.
const answerCharsMax = 32 * 1024

// call gives the event to the handler, after the initializer where there is one.
func call(functions []reflect.Value, event []byte) (result called) {
	defer func() {
		if reason := recover(); reason != nil {
			result = called{answer: answer{Fault: "panics", Message: cut(fmt.Sprint(reason))}}
		}
	}()
	if len(functions) > 1 {
		if _, err := invoke(functions[1], nil); err != nil {
			return called{answer: answer{Fault: "initializerFails", Message: cut(err.Error())}}
		}
	}
	started := time.Now()
	given, err := invoke(functions[0], event)
	if misfit, isMisfit := err.(misfit); isMisfit {
		found := []any{misfit.wanted.String()}
		return called{answer: answer{Fault: "eventUnfit", Found: found, Message: cut(misfit.Error())}}
	}
	if err != nil {
		return called{answer: answer{Message: cut(err.Error())}}
	}
	ms := float64(time.Since(started).Microseconds()) / 1000
	text, err := json.Marshal(given)
	if err != nil {
		return called{answer: answer{Fault: "answerNoJson", Message: cut(err.Error())}}
	}
	if len(text) > answerCharsMax {
		found := []any{len(text), answerCharsMax}
		return called{answer: answer{Fault: "answerTooLong", Found: found}}
	}
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return called{answer: answer{Ok: true}, Answer: json.RawMessage(text), Ms: ms, MemoryBytes: usage.Maxrss * 1024}
}

// misfit is an event that is no value of what the function takes.
type misfit struct {
	error
	wanted reflect.Type
}

// invoke gives the event, as bytes or as what the function takes, and a context that is empty.
func invoke(function reflect.Value, event []byte) (any, error) {
	kind := function.Type()
	given := make([]reflect.Value, kind.NumIn())
	for at := range given {
		given[at] = reflect.Zero(kind.In(at))
	}
	if event != nil && len(given) > 0 {
		switch wanted := kind.In(0); {
		case wanted == reflect.TypeOf([]byte(nil)) || wanted == reflect.TypeOf(json.RawMessage(nil)):
			given[0] = reflect.ValueOf(event).Convert(wanted)
		case wanted.Kind() == reflect.String:
			given[0] = reflect.ValueOf(string(event)).Convert(wanted)
		default:
			place := reflect.New(wanted)
			if err := json.Unmarshal(event, place.Interface()); err != nil {
				return nil, misfit{err, wanted}
			}
			given[0] = place.Elem()
		}
	}
	var answer any
	for _, result := range function.Call(given) {
		if err, isError := result.Interface().(error); isError && err != nil {
			return nil, err
		}
		if !result.Type().Implements(reflect.TypeOf((*error)(nil)).Elem()) {
			answer = result.Interface()
		}
	}
	if text, isBytes := answer.([]byte); isBytes {
		if json.Valid(text) {
			return json.RawMessage(text), nil
		}
		return string(text), nil
	}
	return answer, nil
}

func cut(message string) string {
	const most = 3000
	if len(message) > most {
		return message[:most]
	}
	return message
}
